import { objectStoreConformance } from '../../src/objects/conformance.ts';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';
import { describeIf } from '../support/optional.ts';
import { radosgwMissing, startRadosgw } from '../support/radosgw.ts';

describeIf(radosgwMissing(), 'S3 on radosgw', () => {
  objectStoreConformance(
    's3 (radosgw)',
    async () => {
      const gateway = await startRadosgw();
      const bucket = await gateway.createBucket('conformance');
      const { endpoint, region, accessKeyId, secretAccessKey } = gateway;
      const options = { bucket, endpoint, region, credentials: { accessKeyId, secretAccessKey } };
      const store = new S3ObjectStore(options);
      const anHourAgo = new S3ObjectStore({ ...options, clock: () => new Date(Date.now() - 3_600_000) });
      return {
        store,
        anHourAgo,
        dispose: async () => {
          await store.close();
          await anHourAgo.close();
          await gateway.stop();
        },
      };
    },
    { limitsUploads: false },
  );
});
