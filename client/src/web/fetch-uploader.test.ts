import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { SignedUrl } from '../contract.ts';
import { createFetchUploader } from './fetch-uploader.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let answer: Answer;
let url: SignedUrl;
let sockets: Set<unknown>;
let put: { method?: string; headers: IncomingMessage['headers']; body: Buffer };

beforeEach(async () => {
  sockets = new Set();
  server = createServer((request, response) => {
    sockets.add(request.socket);
    const pieces: Buffer[] = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const { method = '', headers } = request;
      put = { method, headers, body: Buffer.concat(pieces) };
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  url = {
    index: 0,
    url: `http://127.0.0.1:${port}/chunk?signature=secret`,
    method: 'PUT',
    headers: { 'content-type': 'audio/webm;codecs=opus', 'x-amz-meta-part': '1' },
    expiresAt: '2026-11-24T10:00:00.000Z',
  };
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const body = new Blob([Uint8Array.of(1, 2, 3)], { type: 'text/plain' });
const never = new AbortController().signal;

describe('putting', () => {
  it('sends exactly the bytes with exactly the URL’s headers', async () => {
    answer = (_, response) => response.end();
    expect(await createFetchUploader().put(body, url, never)).toEqual({ status: 200 });
    expect(put.method).toBe('PUT');
    expect(put.body).toEqual(Buffer.of(1, 2, 3));
    expect(put.headers).toMatchObject({ ...url.headers, 'content-length': '3' });
    expect(put.headers.referer).toBeUndefined();
  });

  it('sends bytes from memory as well, and of a larger buffer only its part', async () => {
    answer = (_, response) => response.end();
    const part = Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4);
    expect(await createFetchUploader().put(part, url, never)).toEqual({ status: 200 });
    expect(put.body).toEqual(Buffer.of(1, 2, 3));
    expect(put.headers).toMatchObject({ ...url.headers, 'content-length': '3' });
  });

  it.each([200, 403, 412, 413, 500, 503])('tells the status %i, whatever it is', async (status) => {
    answer = (_, response) => response.writeHead(status).end('<Error>secret</Error>');
    expect(await createFetchUploader().put(body, url, never)).toEqual({ status });
  });

  it('uses the connection again, because it reads answers to their end', async () => {
    answer = (_, response) => response.writeHead(500).end('x'.repeat(50_000));
    const uploader = createFetchUploader();
    for (let i = 0; i < 10; i++) await uploader.put(body, url, never);
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  it.each([
    ['seconds', '7', 7_000],
    ['a date', 'Tue, 24 Nov 2026 10:00:30 GMT', 30_000],
    ['a date that is over', 'Tue, 24 Nov 2026 09:00:00 GMT', 0],
    ['nonsense', '-5', undefined],
  ])('tells how long the server asks to wait: %s', async (_, value, milliseconds) => {
    answer = (_request, response) => response.writeHead(503, { 'retry-after': value }).end();
    const uploader = createFetchUploader({ wallTime: () => Date.UTC(2026, 10, 24, 10) });
    const retry = milliseconds === undefined ? {} : { retryAfterMs: milliseconds };
    expect(await uploader.put(body, url, never)).toEqual({ status: 503, ...retry });
  });

  it('has status 0 when the connection is cut', async () => {
    answer = (request) => request.socket.destroy();
    expect(await createFetchUploader().put(body, url, never)).toEqual({ status: 0 });
  });

  it('has status 0 when nobody is there', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect(await createFetchUploader().put(body, url, never)).toEqual({ status: 0 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  it('has status 0 when it is given up before an answer', async () => {
    const giveUp = new AbortController();
    answer = () => giveUp.abort();
    expect(await createFetchUploader().put(body, url, giveUp.signal)).toEqual({ status: 0 });
    expect(await createFetchUploader().put(body, url, giveUp.signal)).toEqual({ status: 0 });
  });

  it('has the status of an answer that never ends, when it is given up', async () => {
    answer = (_, response) => void response.writeHead(200).write('and so on');
    const giveUp = new AbortController();
    const uploader = createFetchUploader({
      fetch: async (...request) => {
        const response = await fetch(...request);
        giveUp.abort();
        return response;
      },
    });
    expect(await uploader.put(body, url, giveUp.signal)).toEqual({ status: 200 });
  });

  it('reads no more than it must of an answer that is too long', async () => {
    answer = (_, response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write('x'.repeat(16 * 1024)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    expect(await createFetchUploader().put(body, url, never)).toEqual({ status: 200 });
  });

  it('has status 0 for a file that a page cannot read', async () => {
    const file = { uri: 'file:///chunk', bytes: 3 };
    expect(await createFetchUploader().put(file, url, never)).toEqual({ status: 0 });
  });
});
