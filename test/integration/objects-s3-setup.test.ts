/** `npm run s3:setup` as a process of its own, on a real bucket. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';
import { describeIf } from '../support/optional.ts';
import { type RadosGateway, radosgwMissing, startRadosgw } from '../support/radosgw.ts';

const CLI = fileURLToPath(new URL('../../src/objects/s3/setup-cli.ts', import.meta.url));

let gateway: RadosGateway;
let client: S3Client;

function setup(bucket: string, environment: Record<string, string> = {}, ...args: string[]) {
  const env = {
    PATH: process.env.PATH,
    S3_BUCKET: bucket,
    S3_ENDPOINT: gateway.endpoint,
    S3_REGION: gateway.region,
    S3_ACCESS_KEY_ID: gateway.accessKeyId,
    S3_SECRET_ACCESS_KEY: gateway.secretAccessKey,
    ...environment,
  };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    const options = { env, timeout: 60_000 };
    execFile(process.execPath, ['--no-warnings', CLI, ...args], options, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

const lifecycle = async (Bucket: string) =>
  (await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules ?? [];
const cors = async (Bucket: string) =>
  (await client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules ?? [];

describeIf(radosgwMissing(), 's3:setup on radosgw', () => {
  beforeAll(async () => {
    gateway = await startRadosgw();
    const { endpoint, region, accessKeyId, secretAccessKey } = gateway;
    client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    });
  }, 120_000);
  afterAll(async () => {
    client?.destroy();
    await gateway?.stop();
  });

  it('puts its rules, says so, and finds nothing to do the second time', async () => {
    await gateway.createBucket('fresh');
    const environment = { S3_CORS_ORIGINS: 'https://app.example', RETENTION_AUDIO_DAYS: '365' };
    const dry = await setup('fresh', environment, '--dry-run');
    expect([dry.code, dry.out]).toEqual([0, expect.stringContaining('would change')]);
    await expect(lifecycle('fresh')).rejects.toThrow();

    const first = await setup('fresh', environment);
    expect(first).toEqual({ code: 0, err: '', out: expect.stringMatching(/\nchanged\n$/) });
    expect(first.out).toContain('+ lifecycle thankly-uploads (uploads/ goes after 30 d): add');
    expect(first.out).toContain('+ lifecycle thankly-audio (audio/ goes after 365 d): add');
    expect(first.out).toContain('+ cors thankly-browsers (https://app.example): add');
    expect((await lifecycle('fresh')).map((rule) => rule.ID).toSorted()).toEqual([
      'thankly-audio',
      'thankly-uploads',
    ]);

    const second = await setup('fresh', environment);
    expect(second).toEqual({ code: 0, err: '', out: expect.stringMatching(/\nunchanged\n$/) });
    expect(second.out).not.toContain('+');
  });

  it('makes the bucket when it is asked to, once', async () => {
    const first = await setup('not-there-yet', {}, '--create-bucket');
    expect(first).toEqual({ code: 0, err: '', out: expect.stringContaining('+ bucket: made') });
    const second = await setup('not-there-yet', {}, '--create-bucket');
    expect(second).toEqual({ code: 0, err: '', out: expect.not.stringContaining('bucket: made') });
  });

  it('changes and removes its own rules and keeps those of others', async () => {
    const Bucket = await gateway.createBucket('shared');
    const theirs = {
      ID: 'theirs',
      Status: 'Enabled' as const,
      Filter: { Prefix: 'x/' },
      Expiration: { Days: 9 },
    };
    await client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [theirs] } }),
    );
    const theirCors = { AllowedMethods: ['GET'], AllowedOrigins: ['https://theirs.example'] };
    await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: [theirCors] } }));
    await setup(Bucket, { S3_CORS_ORIGINS: '*', RETENTION_AUDIO_DAYS: '30' });

    const { out } = await setup(Bucket, { RETENTION_ABANDONED_DAYS: '50' });
    expect(out).toContain('~ lifecycle thankly-uploads (uploads/ goes after 50 d): change');
    expect(out).toContain('- lifecycle thankly-audio: remove');
    expect(out).toContain('- cors thankly-browsers (no origins): remove');
    const rules = await lifecycle(Bucket);
    expect(rules).toContainEqual(theirs);
    expect(rules.find((rule) => rule.ID === 'thankly-uploads')?.Expiration).toEqual({ Days: 50 });
    expect(rules).toHaveLength(2);
    expect(await cors(Bucket)).toEqual([expect.objectContaining(theirCors)]);
  });

  it('answers the preflight of a page that records, and no other page', async () => {
    const bucket = await gateway.createBucket('pages');
    await setup(bucket, { S3_CORS_ORIGINS: 'https://app.example' });
    const { endpoint, region, accessKeyId, secretAccessKey } = gateway;
    const store = new S3ObjectStore({
      bucket,
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
    });
    const signed = await store.presignPut('uploads/s1/chunks/00000', {
      contentType: 'audio/webm',
      maxBytes: 100,
      expiresInSeconds: 60,
    });
    const ask = (origin: string) =>
      fetch(signed.url, {
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'PUT',
          'access-control-request-headers': Object.keys(signed.headers).join(),
        },
      });
    const ours = await ask('https://app.example');
    expect([ours.status, ours.headers.get('access-control-allow-origin')]).toEqual([
      200,
      'https://app.example',
    ]);
    expect(ours.headers.get('access-control-allow-headers')).toContain('if-none-match');
    expect((await ask('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
    await store.close();
  });

  it('makes abandoned uploads go away and leaves audio and texts (a day lasts 2 s on this gateway)', async () => {
    const bucket = await gateway.createBucket('ageing');
    const kinds = ['ABANDONED', 'CHUNKS', 'SINGLE', 'IMAGES'];
    await setup(bucket, Object.fromEntries(kinds.map((kind) => [`RETENTION_${kind}_DAYS`, '1'])));
    const { endpoint, region, accessKeyId, secretAccessKey } = gateway;
    const store = new S3ObjectStore({
      bucket,
      endpoint,
      region,
      credentials: { accessKeyId, secretAccessKey },
    });
    const kept = ['audio/s1/recording-0.webm', 'text/s1/entry.json'];
    for (const key of ['uploads/s1/chunks/00000', 'uploads/s1/images/00', ...kept]) {
      await store.put(key, Buffer.from('x'), { contentType: 'text/plain' });
    }
    const deadline = Date.now() + 60_000;
    for (;;) {
      const keys: string[] = [];
      for await (const { key } of store.list('')) keys.push(key);
      expect(keys).toEqual(expect.arrayContaining(kept));
      if (keys.length === kept.length) break;
      if (Date.now() > deadline) throw new Error(`still there: ${keys.join()}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await store.close();
  }, 90_000);

  it('refuses a versioned bucket, where radosgw ignores If-None-Match and erased objects stay as versions', async () => {
    const Bucket = await gateway.createBucket('versioned');
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    );
    const { code, err } = await setup(Bucket);
    expect(code).toBe(1);
    expect(err).toContain('the bucket is versioned');
    expect(err).toContain('ignores If-None-Match');
  });

  it.each([
    ['an unknown bucket', { S3_BUCKET: 'nowhere' }, 1, 'NoSuchBucket'],
    ['a wrong secret', { S3_SECRET_ACCESS_KEY: 'wrong' }, 1, 'SignatureDoesNotMatch'],
    ['a store that is not there', { S3_ENDPOINT: 'http://127.0.0.1:1' }, 1, 'ECONNREFUSED'],
    ['no bucket', { S3_BUCKET: '' }, 2, 'S3_BUCKET'],
    ['a bad number of days', { RETENTION_AUDIO_DAYS: 'soon' }, 2, 'RETENTION_AUDIO_DAYS'],
  ])('says in a line what is wrong with %s', async (_, environment, code, word) => {
    const result = await setup('fresh', environment as Record<string, string>);
    expect(result.code).toBe(code);
    expect(result.err).toContain(word);
    expect(result.err).not.toContain(gateway.secretAccessKey);
    expect(result.err.trim().split('\n')).toHaveLength(1);
  });

  it('explains itself, and refuses what it does not know', async () => {
    const help = await setup('fresh', {}, '--help');
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('RETENTION_ABANDONED_DAYS')]);
    expect((await setup('fresh', {}, '--froce')).code).toBe(2);
  });
});
