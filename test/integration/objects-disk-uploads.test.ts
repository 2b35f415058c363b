/** What the disk store's own HTTP handler promises beyond the conformance suite: codes, limits, time-outs, CORS. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import express from 'express';
import { DiskObjectStore, type DiskObjectStoreOptions } from '../../src/objects/disk/disk-object-store.ts';
import { createUploadHandler, type UploadHandlerOptions } from '../../src/objects/disk/upload-handler.ts';
import type { PresignedUrl } from '../../src/objects/object-store.ts';

const UPLOAD = { contentType: 'audio/wav', maxBytes: 1_000, expiresInSeconds: 60 };
const KEY = 'uploads/s1/chunks/00000';

let root: string;
let server: Server;
let store: DiskObjectStore;
let now: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'thankly-uploads-'));
  now = Date.now();
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(root, { recursive: true, force: true });
});

async function serve(options: UploadHandlerOptions = {}, storeOptions: Partial<DiskObjectStoreOptions> = {}) {
  let port = 0;
  store = await DiskObjectStore.open({
    root,
    secret: 'a secret of this test',
    publicUrl: () => `http://127.0.0.1:${port}/`,
    clock: () => new Date(now),
    ...storeOptions,
  });
  const app = express();
  app.use('/objects', createUploadHandler(store, options));
  app.get('/other', (_, response) => void response.send('not an object'));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
}

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const body = (await response.json()) as Record<string, unknown>;
  expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'code']);
  expect(body.status).toBe(response.status);
  return [body.status, body.code];
}

const put = (signed: PresignedUrl, bytes: number, headers = signed.headers, method = 'PUT') =>
  fetch(signed.url, { method, headers, body: new Uint8Array(bytes) });

/** An upload by hand: announces `announced` bytes, sends `sent` of them and keeps the connection open. */
function startUpload(signed: PresignedUrl, announced: number, sent: number): Promise<Socket> {
  const url = new URL(signed.url);
  const head = `PUT ${url.pathname}${url.search} HTTP/1.1\r\nhost: ${url.host}\r\ncontent-type: audio/wav\r\n`;
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), '127.0.0.1');
    socket.on('error', reject);
    socket.write(`${head}content-length: ${announced}\r\n\r\n`);
    socket.write(Buffer.alloc(sent), () => resolve(socket));
  });
}

async function answerOf(socket: Socket): Promise<string> {
  let text = '';
  for await (const chunk of socket) text += chunk;
  return text;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error('did not come true in 5 s');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const incoming = () => readdir(join(root, 'incoming'));
const connections = () =>
  new Promise<number>((resolve, reject) => server.getConnections((e, n) => (e ? reject(e) : resolve(n))));

describe('a refused upload has a stable code', () => {
  it('url_expired, to the second', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    now = Date.parse(signed.expiresAt);
    expect(await problemOf(await put(signed, 3))).toEqual([403, 'url_expired']);
    now -= 1;
    expect((await put(signed, 3)).status).toBe(200);
  });

  it('signature_invalid', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    const forged = { ...signed, url: signed.url.replace('max=1000', 'max=1001') };
    expect(await problemOf(await put(forged, 3))).toEqual([403, 'signature_invalid']);
    const odd = { ...signed, url: signed.url.replace(KEY, 'uploads/%2e%2e/secret') };
    expect(await problemOf(await put(odd, 3))).toEqual([403, 'signature_invalid']);
  });

  it('method_not_allowed', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    const refused = await fetch(signed.url);
    expect(refused.headers.get('allow')).toContain('PUT');
    expect(await problemOf(refused)).toEqual([405, 'method_not_allowed']);
    expect(await problemOf(await put(signed, 3, signed.headers, 'PATCH'))).toEqual([
      405,
      'method_not_allowed',
    ]);
  });

  it('content_type_mismatch', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    const other = await put(signed, 3, { 'content-type': 'audio/webm' });
    expect(await problemOf(other)).toEqual([415, 'content_type_mismatch']);
  });

  it('object_too_large, and the answer is read though the body is still being sent', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    expect(await problemOf(await put(signed, 1_001))).toEqual([413, 'object_too_large']);
    const socket = await startUpload(signed, 50_000_000, 100_000);
    expect(await answerOf(socket)).toMatch(
      /^HTTP\/1\.1 413 [\s\S]*connection: close[\s\S]*object_too_large/i,
    );
    await until(async () => (await connections()) <= 1);
    expect(await store.head(KEY)).toBeNull();
  });

  it('already_uploaded', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    const first = await put(signed, 3);
    expect(first.headers.get('etag')).toBe(`"${(await store.digest(KEY))?.sha256}"`);
    expect(await problemOf(await put(signed, 4))).toEqual([412, 'already_uploaded']);
  });

  it('storage_full, before the disk that the database shares has no room', async () => {
    const errors: unknown[] = [];
    await serve({ onError: (error) => errors.push(error) }, { minFreeBytes: Number.MAX_SAFE_INTEGER });
    const signed = await store.presignPut(KEY, UPLOAD);
    expect(await problemOf(await put(signed, 3))).toEqual([507, 'storage_full']);
    expect(errors).toHaveLength(1);
  });

  it('upload_timeout, when no byte comes for a while, and keeps nothing', async () => {
    await serve({ patience: { idleMs: 100, totalMs: 60_000 } });
    const socket = await startUpload(await store.presignPut(KEY, UPLOAD), 100, 60);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 408 [\s\S]*upload_timeout/);
    expect([await store.head(KEY), await incoming()]).toEqual([null, []]);
  });

  it('upload_timeout, when bytes trickle for too long', async () => {
    await serve({ patience: { idleMs: 60_000, totalMs: 200 } });
    const socket = await startUpload(await store.presignPut(KEY, UPLOAD), 1_000, 1);
    const drip = setInterval(() => socket.write('.'), 20);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 408 [\s\S]*upload_timeout/);
    clearInterval(drip);
    expect(await store.head(KEY)).toBeNull();
  });

  it('too_many_transfers, and takes uploads again when one has ended', async () => {
    await serve({ maxTransfers: 1 });
    const signed = await store.presignPut(KEY, UPLOAD);
    const socket = await startUpload(await store.presignPut('uploads/s1/chunks/00001', UPLOAD), 100, 60);
    await until(async () => (await incoming()).length === 1);
    const refused = await put(signed, 3);
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(await problemOf(refused)).toEqual([503, 'too_many_transfers']);
    socket.destroy();
    await until(async () => (await put(signed, 3)).status === 200);
    expect(await incoming()).toEqual([]);
  });
});

it('answers 400 to bytes beyond the announced length and never stores one of them', async () => {
  await serve();
  const socket = await startUpload(await store.presignPut(KEY, UPLOAD), 100, 150);
  expect(await answerOf(socket)).toContain('HTTP/1.1 400 '); // the 50 bytes more are no request
  await until(async () => (await incoming()).length === 0);
  expect([undefined, 100]).toContain((await store.digest(KEY))?.bytes);
});

it('leaves nothing of an upload whose sender went away, and reports no error of ours', async () => {
  const errors: unknown[] = [];
  await serve({ onError: (error) => errors.push(error) });
  const signed = await store.presignPut(KEY, UPLOAD);
  const socket = await startUpload(signed, 100, 60);
  await until(async () => (await incoming()).length === 1);
  socket.destroy();
  await until(async () => (await incoming()).length === 0);
  expect((await put(signed, 100)).status).toBe(200);
  expect(errors).toEqual([]);
});

it('leaves other paths to the app', async () => {
  await serve();
  const { port } = server.address() as AddressInfo;
  expect(await (await fetch(`http://127.0.0.1:${port}/other`)).text()).toBe('not an object');
  expect((await fetch(`http://127.0.0.1:${port}/objects`)).status).toBe(404);
});

it('serves HEAD and refuses a range outside the object', async () => {
  await serve();
  await store.put(KEY, Buffer.from('0123456789'), { contentType: 'audio/wav' });
  const { url } = await store.presignGet(KEY, { expiresInSeconds: 60 });
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, '10']);
  const outside = await fetch(url, { headers: { range: 'bytes=10-' } });
  expect(outside.headers.get('content-range')).toBe('bytes */10');
  expect(await problemOf(outside)).toEqual([416, 'range_not_satisfiable']);
});

it('is no failure of ours when a listener stops listening', async () => {
  const errors: unknown[] = [];
  await serve({ onError: (error) => errors.push(error), maxTransfers: 1 });
  await store.put(KEY, Buffer.alloc(30_000_000), { contentType: 'audio/wav' });
  const { url } = await store.presignGet(KEY, { expiresInSeconds: 60 });
  const leaving = new AbortController();
  const response = await fetch(url, { signal: leaving.signal });
  expect(response.status).toBe(200);
  leaving.abort();
  await until(async () => (await fetch(url, { method: 'HEAD' })).status === 200);
  expect(errors).toEqual([]);
});

describe('CORS', () => {
  const ask = (url: string, origin: string) =>
    fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });

  it('lets pages of any origin upload by default, and read the refusal', async () => {
    await serve();
    const signed = await store.presignPut(KEY, UPLOAD);
    const preflight = await ask(signed.url, 'https://recorder.example');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    expect(preflight.headers.get('access-control-allow-headers')).toContain('content-type');
    expect((await put(signed, 2_000)).headers.get('access-control-allow-origin')).toBe('*');
  });

  it('lets only the listed origins when there is a list', async () => {
    await serve({ allowedOrigins: ['https://app.example'] });
    const { url } = await store.presignPut(KEY, UPLOAD);
    const ours = await ask(url, 'https://app.example');
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://app.example');
    expect(ours.headers.get('vary')).toContain('Origin');
    expect((await ask(url, 'https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });
});
