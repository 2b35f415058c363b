/** A real S3 that does not let us in: from the start, by a wrong setting; or from some moment on, and then again. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { ObjectStoreUnavailable } from '../../src/objects/object-store.ts';
import type { S3Options } from '../../src/objects/s3/s3-client.ts';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';
import { type RadosGateway, radosgwMissing, startRadosgw } from '../support/radosgw.ts';

const BUCKET = 'recordings';

describeIf(radosgwMissing(), 'an S3 that does not let us in', () => {
  let s3: RadosGateway;
  let application: TestApplication | undefined;
  beforeAll(async () => {
    s3 = await startRadosgw();
    await s3.createBucket(BUCKET);
  }, 120_000);
  afterAll(async () => {
    await application?.stop();
    await s3?.stop();
  }, 60_000);

  const environment = () => ({
    S3_BUCKET: BUCKET,
    S3_ENDPOINT: s3.endpoint,
    S3_REGION: s3.region,
    S3_ACCESS_KEY_ID: s3.accessKeyId,
    S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
  });

  describe('from the start', () => {
    it.each<[string, () => Partial<S3Options>, RegExp]>([
      ['the bucket is missing', () => ({ bucket: 'elsewhere' }), /: NoSuchBucket, HTTP 404: S3_BUCKET/],
      [
        'the key is unknown',
        () => ({ credentials: { accessKeyId: 'NOBODY', secretAccessKey: s3.secretAccessKey } }),
        /: InvalidAccessKeyId, HTTP 403: S3_ACCESS_KEY_ID/,
      ],
      [
        'the secret is another',
        () => ({ credentials: { accessKeyId: s3.accessKeyId, secretAccessKey: 'hush-hush' } }),
        /: SignatureDoesNotMatch, HTTP 403: S3_SECRET_ACCESS_KEY/,
      ],
    ])('%s: the variable is named, no value of a key', async (_, wrong, why) => {
      const { endpoint, region, accessKeyId, secretAccessKey } = s3;
      const credentials = { accessKeyId, secretAccessKey };
      const store = new S3ObjectStore({ bucket: BUCKET, endpoint, region, credentials, ...wrong() });
      const error = await store.ping().catch((thrown: unknown) => thrown);
      await store.close();
      expect(error).toBeInstanceOf(ObjectStoreUnavailable);
      expect(String(error)).toMatch(why);
      expect(String(error)).not.toMatch(new RegExp(`hush|NOBODY|${s3.accessKeyId}|${s3.secretAccessKey}`));
    });

    it('the application says so at once, and is not ready', async () => {
      const wrong = await startApplication({ ...environment(), S3_SECRET_ACCESS_KEY: 'hush-hush' });
      try {
        await eventually(() => {
          const said = wrong.logged.filter((line) => line.includes('the object store cannot be used'));
          expect(said.join()).toContain('S3_SECRET_ACCESS_KEY is not the one of S3_ACCESS_KEY_ID');
        });
        const answer = await fetch(`${wrong.url}/readyz`);
        expect([answer.status, await answer.json()]).toEqual([
          503,
          { status: 'unavailable', checks: { database: 'ok', objects: 'unavailable' } },
        ]);
        expect(wrong.logged.join()).not.toContain('hush-hush');
      } finally {
        await wrong.stop();
      }
    }, 60_000);
  });

  it('while recordings are made: 503, to be sent again, and every word is there once it does again', async () => {
    application = await startApplication(environment());
    const me = httpClient(application.url, await application.token('me'));
    const wordsOf = [numberedWords(6, 100), numberedWords(6, 200)];
    const [said = [], late = []] = wordsOf;
    const [recording, other] = [said, late].map((words) =>
      wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000),
    );
    if (recording === undefined || other === undefined) throw new Error('two recordings');

    // One whose steps wait for the provider, one whose chunk is there and not yet acknowledged.
    await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 503 });
    const working = await me.upload([recording]);
    expect((await me.complete(working, [recording])).status).toBe(202);
    const created = await me.create();
    const recordingId = created.body.sessionId;
    expect((await me.put(created.body.upload.urls[0], other)).status).toBe(200);

    await s3.admin('user', 'suspend', '--uid', 'test');
    await eventually(async () => {
      const { status, body } = await me.request('GET', '/readyz');
      expect([status, body.checks.objects]).toEqual([503, 'unavailable']);
    });
    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    for (const answer of [
      await me.acknowledge(recordingId, 0, other),
      await me.complete(recordingId, [other]),
    ]) {
      expect(answer.body).toMatchObject({ status: 503, code: 'object_store_unavailable' });
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    // Its steps are at the store by now, and wait for that.
    await eventually(async () => {
      const events = (await application?.log.read(`recording-${working}`)) ?? [];
      const failures = events.filter(({ type }) => type === 'StepAttemptFailed').map(({ data }) => data);
      expect(failures).toContainEqual(
        expect.objectContaining({ code: 'object_store_unavailable', outage: true }),
      );
    });
    expect((await me.status(working)).body.state).toBe('processing');
    expect(application.logged.join()).toContain('the user of S3_ACCESS_KEY_ID is suspended');

    await s3.admin('user', 'enable', '--uid', 'test');
    await eventually(async () => expect((await me.request('GET', '/readyz')).status).toBe(200));
    expect((await me.complete(recordingId, [other])).status).toBe(202);
    for (const [id, words] of [
      [working, said],
      [recordingId, late],
    ] as const) {
      expect(await me.statusWhen(id, me.ended, 60_000)).toMatchObject({
        state: 'completed',
        transcript: { text: words.join(' ') },
      });
    }
  }, 180_000);
});
