/** What the S3 adapter makes of a store that fails: scripted answers over real HTTP, one connection fault a test. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ObjectNotFound, ObjectStoreUnavailable } from '../../src/objects/object-store.ts';
import { S3ObjectStore } from '../../src/objects/s3/s3-object-store.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let store: S3ObjectStore;
let script: Answer[];
let asked: string[];

beforeEach(async () => {
  script = [];
  asked = [];
  server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    const answer = script.shift() ?? ((_, last) => last.writeHead(418).end());
    if (request.method === 'PUT' || request.method === 'POST')
      request.resume().on('end', () => answer(request, response));
    else answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  store = new S3ObjectStore({
    bucket: 'b',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'id', secretAccessKey: 'never to be shown' },
  });
});
afterEach(async () => {
  await store.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const status =
  (code: number, s3Code?: string): Answer =>
  (_, response) => {
    const body = s3Code === undefined ? '' : `<?xml version="1.0"?><Error><Code>${s3Code}</Code></Error>`;
    response.writeHead(code, { 'content-type': 'application/xml' }).end(body);
  };
const content =
  (text: string): Answer =>
  (_, response) =>
    response.writeHead(200, { 'content-length': text.length }).end(text);
const hangUp: Answer = (request) => request.socket.destroy();
/** Promises ten bytes, sends three, hangs up. */
const cutShort: Answer = (request, response) => {
  response.writeHead(200, { 'content-length': 10 });
  response.write('012', () => request.socket.destroy());
};

describe('tries again, twice, what may heal', () => {
  it.each([
    ['a 503', status(503, 'SlowDown')],
    ['a 500', status(500, 'InternalError')],
    ['a connection that is cut', hangUp],
    ['a body that is cut', cutShort],
  ])('%s', async (_, fault) => {
    script = [fault, fault, content('0123456789')];
    expect(Buffer.from(await store.read('k', 100)).toString()).toBe('0123456789');
    script = [fault, fault, content('0123456789')];
    expect(await store.digest('k')).toMatchObject({ bytes: 10 });
    expect(asked).toHaveLength(6);
  });

  it('a put of bytes that are still at hand', async () => {
    script = [status(503), hangUp, status(200)];
    expect(await store.put('k', Buffer.from('abc'), { contentType: 'text/plain' })).toMatchObject({
      bytes: 3,
    });
    expect(asked).toEqual(['PUT /b/k', 'PUT /b/k', 'PUT /b/k']);
  });

  it('and then says that the store is away, with the reason and no secret', async () => {
    script = [status(503, 'SlowDown'), status(503, 'SlowDown'), status(503, 'SlowDown'), content('late')];
    const error = await store.read('k', 100).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ObjectStoreUnavailable);
    expect(String(error)).toMatch(/S3 read: SlowDown.*HTTP 503/);
    expect(String(error)).not.toContain('never to be shown');
    expect(asked).toHaveLength(3);
  });

  it('a deletion that the store carried out in part', async () => {
    const partly: Answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(
          '<?xml version="1.0"?><DeleteResult><Error><Key>k</Key><Code>InternalError</Code></Error></DeleteResult>',
        );
    const wholly: Answer = (_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end('<?xml version="1.0"?><DeleteResult/>');
    script = [partly, wholly];
    await store.delete(['k', 'l']);
    expect(asked).toHaveLength(2);
    script = [partly, partly, partly];
    await expect(store.delete(['k', 'l'])).rejects.toThrow(/1 of 2 not deleted: InternalError/);
  });
});

describe('does not try again', () => {
  it.each([
    ['AccessDenied', 403],
    ['NoSuchBucket', 404],
  ])('%s: it cannot heal by itself', async (code, httpStatus) => {
    script = [status(httpStatus, code)];
    await expect(store.read('k', 100)).rejects.toThrow(new RegExp(`${code}.*HTTP ${httpStatus}`));
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['AuthorizationHeaderMalformed', 400],
    ['PermanentRedirect', 301],
  ])(
    '%s: as AWS answers for another region than the bucket’s, and S3_REGION is named',
    async (code, httpStatus) => {
      script = [status(httpStatus), status(httpStatus, code)];
      await expect(store.ping()).rejects.toThrow(
        new RegExp(`ping of bucket b: ${code}, HTTP ${httpStatus}: .*S3_REGION`),
      );
      expect(asked).toEqual(['HEAD /b/', 'GET /b/']);
    },
  );

  it('what is not there', async () => {
    script = [status(404, 'NoSuchKey')];
    await expect(store.get('k')).rejects.toThrow(ObjectNotFound);
    expect(asked).toHaveLength(1);
  });

  it('a stream, whose bytes have gone by; and lets go of it', async () => {
    script = [status(503, 'SlowDown')];
    const source = Readable.from([Buffer.from('abc')], { objectMode: false });
    await expect(store.put('k', source, { contentType: 'text/plain', bytes: 3 })).rejects.toThrow('SlowDown');
    expect([asked.length, source.destroyed]).toEqual([1, true]);
  });

  it('a ping', async () => {
    script = [hangUp];
    await expect(store.ping()).rejects.toThrow(ObjectStoreUnavailable);
    expect(asked).toHaveLength(1);
  });
});

it('believes a SHA-256 of the store only where that is known to verify it', async () => {
  const { port } = server.address() as AddressInfo;
  const aws = new S3ObjectStore({
    bucket: 'b',
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${port}`,
    credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
    storeVerifiesSha256: true,
  });
  const sha256 = Buffer.alloc(32, 7);
  const withChecksum: Answer = (_, response) =>
    response
      .writeHead(200, { 'content-length': 3, 'x-amz-checksum-sha256': sha256.toString('base64') })
      .end();
  const without: Answer = (_, response) => response.writeHead(200, { 'content-length': 3 }).end();

  script = [withChecksum];
  expect(await aws.digest('k')).toEqual({ key: 'k', bytes: 3, sha256: sha256.toString('hex') });
  const ofAbc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  script = [without, content('abc')];
  expect(await aws.digest('k')).toEqual({ key: 'k', bytes: 3, sha256: ofAbc });
  script = [content('abc')];
  expect(await store.digest('k')).toEqual({ key: 'k', bytes: 3, sha256: ofAbc });
  await aws.close();
});

it('signs URLs for where clients reach the store', async () => {
  const inside = new S3ObjectStore({
    bucket: 'b',
    region: 'us-east-1',
    endpoint: 'http://s3.internal:9000',
    publicEndpoint: 'https://objects.example',
    credentials: { accessKeyId: 'id', secretAccessKey: 'never to be shown' },
  });
  const { url, headers } = await inside.presignPut('a/b', {
    contentType: 'audio/webm',
    maxBytes: 1,
    expiresInSeconds: 60,
  });
  expect(url).toMatch(/^https:\/\/objects\.example\/b\/a\/b\?/);
  expect(new URL(url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-type;host;if-none-match');
  expect(headers).toEqual({ 'content-type': 'audio/webm', 'if-none-match': '*' });
  expect(url).not.toContain('never');
  await inside.close();
});
