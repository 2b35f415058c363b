/** The whole way with objects in S3: a client puts chunks straight to the bucket by presigned URLs. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';
import { sessionPrefixes } from '../../src/recording/object-keys.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';
import { radosgwMissing, startRadosgw } from '../support/radosgw.ts';

describeIf(radosgwMissing(), 'the application on S3', () => {
  let s3: Awaited<ReturnType<typeof startRadosgw>> | undefined;
  let application: TestApplication | undefined;

  beforeAll(async () => {
    s3 = await startRadosgw();
    await s3.createBucket('recordings');
    application = await startApplication({
      S3_BUCKET: 'recordings',
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.region,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
    });
  }, 120_000);
  afterAll(async () => {
    await application?.stop();
    await s3?.stop();
  }, 60_000);

  it('leads from chunks in the bucket to the entry, and erasing empties it', async () => {
    if (application === undefined || s3 === undefined) throw new Error('not started');
    const me = httpClient(application.url, await application.token('me'));
    const words = numberedWords(12);
    const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
    const chunks = [recording.subarray(0, 50_000), recording.subarray(50_000)];
    const id = await me.upload(chunks);
    const { body } = await me.request('GET', `/audio/session/${id}/presign?chunks=0`);
    expect(body.urls[0].url.startsWith(s3.endpoint)).toBe(true);
    expect((await me.put(body.urls[0], recording)).status).toBe(412); // what was acknowledged stays
    expect((await me.complete(id, chunks)).status).toBe(202);
    expect(await me.statusWhen(id, me.ended)).toMatchObject({
      state: 'completed',
      transcript: { text: words.join(' ') },
    });
    expect((await me.request('DELETE', `/audio/session/${id}`)).status).toBe(204);
    expect((await me.request('GET', `/entries/${id}`)).status).toBe(404);
    const { endpoint, region, accessKeyId, secretAccessKey } = s3;
    const credentials = { accessKeyId, secretAccessKey };
    const store = new S3ObjectStore({ bucket: 'recordings', endpoint, region, credentials });
    await eventually(async () => {
      for (const prefix of sessionPrefixes(id)) expect(await Array.fromAsync(store.list(prefix))).toEqual([]);
    });
    await store.close();
  });
});
