import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { startThrottlingProxy, type ThrottlingProxy } from './throttling-proxy.ts';

const FAST = { upBytesPerSecond: 50_000_000, downBytesPerSecond: 50_000_000, latencyMs: 1 };
const CRAWLING = { ...FAST, upBytesPerSecond: 1 };
const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that answers with what it got, and a link to it. */
async function echoThrough(speed = FAST): Promise<{ proxy: ThrottlingProxy; reached: () => number }> {
  let reached = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (data: Buffer) => {
      reached += data.length;
    });
    socket.on('error', () => undefined).pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => void server.close());
  const proxy = await startThrottlingProxy(() => (server.address() as AddressInfo).port, speed);
  closing.push(() => proxy.close());
  return { proxy, reached: () => reached };
}

function open(proxy: ThrottlingProxy): Socket {
  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(proxy.origin).port),
    allowHalfOpen: true,
  });
  closing.push(async () => void socket.destroy());
  return socket.on('error', () => undefined);
}

/** However it ended. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function echoed(proxy: ThrottlingProxy, bytes: Buffer): Promise<Buffer> {
  const socket = open(proxy);
  socket.end(bytes);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test('bytes go through unchanged, both ways, on many connections at once', async () => {
  const { proxy } = await echoThrough();
  const sent = Array.from({ length: 8 }, (_, index) => randomBytes(100_000 + index));
  const received = await Promise.all(sent.map((bytes) => echoed(proxy, bytes)));
  expect(received.map((bytes, index) => bytes.equals(sent[index] as Buffer))).toEqual(Array(8).fill(true));
  const total = sent.reduce((sum, { length }) => sum + length, 0);
  expect(proxy.passed).toEqual({ up: total, down: total });
});

test('cut: what is open ends, what comes next passes', async () => {
  const { proxy } = await echoThrough();
  const socket = open(proxy);
  socket.write('hello');
  await once(socket, 'data');
  proxy.cut();
  await closed(socket);
  expect((await echoed(proxy, Buffer.from('again'))).toString()).toBe('again');
});

test('offline: what is open ends, what comes is reset, until it is restored', async () => {
  const { proxy, reached } = await echoThrough();
  const socket = open(proxy);
  socket.write('hello');
  await once(socket, 'data');
  proxy.offline();
  await closed(socket);
  const refused = open(proxy);
  const [error] = (await once(refused.removeAllListeners('error'), 'error')) as [NodeJS.ErrnoException];
  expect(error.code).toBe('ECONNRESET');
  expect(reached()).toBe(5);
  proxy.restore();
  expect((await echoed(proxy, Buffer.from('again'))).toString()).toBe('again');
});

test('silent: nothing passes and nothing is cut, until it is restored', async () => {
  const { proxy } = await echoThrough();
  const socket = open(proxy);
  socket.write('one');
  await once(socket, 'data');
  proxy.silent();
  socket.write('two');
  await once(open(proxy), 'connect');
  expect(proxy.passed.up).toBe(3);
  expect(socket.closed).toBe(false);
  proxy.restore();
  expect(String((await once(socket, 'data'))[0])).toBe('two');
});

test('a link that is too slow holds the bytes back', async () => {
  const { proxy, reached } = await echoThrough(CRAWLING);
  const socket = open(proxy);
  socket.write(randomBytes(10_000));
  expect(
    (await echoed(await echoThrough().then((other) => other.proxy), Buffer.from('quick'))).toString(),
  ).toBe('quick');
  expect(reached()).toBe(0);
});
