import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SignedUrl } from '../contract.ts';
import { expoClock } from './expo-clock.ts';
import { type ScriptedFileSystem, scriptedFileSystem } from './testing/scripted-file-system.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { createUploadTaskUploader } from './upload-task-uploader.ts';

let folder: ReturnType<typeof temporaryFolder>;
let fs: ScriptedFileSystem;
let server: Server;
let answer: (response: ServerResponse) => void;
let received: { method?: string; headers: Record<string, unknown>; sha256: string }[];
let measured: number[];
beforeEach(async () => {
  folder = temporaryFolder();
  fs = scriptedFileSystem(folder.path);
  answer = (response) => response.writeHead(200).end();
  received = [];
  measured = [];
  server = createServer(async (request, response) => {
    const hash = createHash('sha256');
    for await (const piece of request) hash.update(piece);
    const { method = '', headers } = request;
    received.push({ method, headers, sha256: hash.digest('hex') });
    answer(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  folder.dispose();
});

const uploader = () =>
  createUploadTaskUploader({
    fileSystem: fs,
    clock: expoClock,
    fetch,
    onMeasured: (bytes) => measured.push(bytes),
  });
const urlOf = (port = (server.address() as AddressInfo).port): SignedUrl => ({
  index: 0,
  url: `http://127.0.0.1:${port}/bucket/chunk-0?X-Signature=secret`,
  method: 'PUT',
  headers: { 'content-type': 'audio/wav', 'x-amz-checksum': 'abc' },
  expiresAt: '2026-11-24T10:00:00.000Z',
});
function chunkFile(content = 'sound') {
  const path = join(folder.path, 'chunk-0');
  writeFileSync(path, content);
  return { uri: pathToFileURL(path).href, bytes: content.length };
}
const never = new AbortController().signal;

describe('uploading a file', () => {
  it('puts its bytes there by a background task, with exactly the headers of the URL', async () => {
    expect(await uploader().put(chunkFile(), urlOf(), never)).toEqual({ status: 200 });
    expect(received).toMatchObject([
      {
        method: 'PUT',
        headers: { 'content-type': 'audio/wav', 'x-amz-checksum': 'abc', 'content-length': '5' },
        sha256: createHash('sha256').update('sound').digest('hex'),
      },
    ]);
    expect(fs.tasks.map(({ options }) => options)).toEqual([
      { httpMethod: 'PUT', uploadType: 0, headers: urlOf().headers, sessionType: 'background' },
    ]);
    expect(measured).toEqual([5]);
  });

  it('frees the task when it has ended, not before', async () => {
    let release = () => {};
    const arrived = new Promise<void>((resolve) => {
      answer = (response) => {
        release = () => response.writeHead(200).end();
        resolve();
      };
    });
    const put = uploader().put(chunkFile(), urlOf(), never);
    await arrived;
    expect(fs.tasks.map(({ released }) => released)).toEqual([false]);
    release();
    await put;
    expect(fs.tasks.map(({ released }) => released)).toEqual([true]);
  });

  it.each([
    [403, {}, { status: 403 }],
    [503, { 'Retry-After': '7' }, { status: 503, retryAfterMs: 7_000 }],
    [500, {}, { status: 500 }],
  ])('resolves with the status %i', async (status, headers, expected) => {
    answer = (response) => response.writeHead(status, headers).end('<html>');
    expect(await uploader().put(chunkFile(), urlOf(), never)).toEqual(expected);
    expect(measured).toEqual([]);
  });

  it('is 0 when nobody is there, the connection is cut, or the file is gone', async () => {
    expect(await uploader().put(chunkFile(), urlOf(1), never)).toEqual({ status: 0 });
    answer = (response) => response.destroy();
    expect(await uploader().put(chunkFile(), urlOf(), never)).toEqual({ status: 0 });
    const lost = { uri: pathToFileURL(join(folder.path, 'nowhere')).href, bytes: 1 };
    expect(await uploader().put(lost, urlOf(), never)).toEqual({ status: 0 });
    expect(fs.tasks.every(({ released }) => released)).toBe(true);
  });

  it('is 0 at once when aborted, and the task is cancelled', async () => {
    const abort = new AbortController();
    let closed: Promise<void> = Promise.resolve();
    const arrived = new Promise<void>((resolve) => {
      answer = (response) => {
        closed = new Promise((done) => response.on('close', done));
        resolve();
      };
    });
    const put = uploader().put(chunkFile(), urlOf(), abort.signal);
    await arrived;
    abort.abort();
    expect(await put).toEqual({ status: 0 });
    await closed;
    expect(await uploader().put(chunkFile(), urlOf(), abort.signal)).toEqual({ status: 0 });
    expect(received).toHaveLength(1);
  });

  it('that could not be written to the device goes from memory', async () => {
    expect(await uploader().put(new Blob(['sound']), urlOf(), never)).toEqual({ status: 200 });
    expect(received[0]?.sha256).toBe(createHash('sha256').update('sound').digest('hex'));
    expect(fs.tasks).toEqual([]);
    expect(await uploader().put(new Blob(['sound']), urlOf(1), never)).toEqual({ status: 0 });
  });
});
