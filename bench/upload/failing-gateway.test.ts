import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { type Fault, type Gateway, startGateway } from './failing-gateway.ts';

const closing: (() => Promise<unknown>)[] = [];
const BODY = Buffer.alloc(100_000, 'x');

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A server that says how many bytes it got, and a gateway to it that fails as is listed, then no more. */
async function gatewayTo(
  faults: Fault[],
  where = 0.5,
): Promise<{ gateway: Gateway; got: number[]; url: string }> {
  const got: number[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request).catch(() => null);
    if (body === null) return;
    got.push(body.length);
    response.end(String(body.length));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    server.closeAllConnections();
    server.close();
  });
  const target = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gateway = await startGateway(target, () => ({ fault: faults.shift() ?? 'none', where }));
  closing.push(() => gateway.close());
  return { gateway, got, url: `http://127.0.0.1:${gateway.port}` };
}

const put = (url: string, body = BODY, headers = {}) => fetch(url, { method: 'PUT', body, headers });

test('passes requests on, and counts the bytes of uploads by path', async () => {
  const { gateway, url } = await gatewayTo([]);
  expect(await (await put(`${url}/a?sig=1`)).text()).toBe('100000');
  expect(await (await put(`${url}/a?sig=2`)).text()).toBe('100000');
  expect(await (await fetch(`${url}/a`, { method: 'POST', body: 'not an upload' })).text()).toBe('13');
  expect([...gateway.objects]).toEqual([['/a', { requests: 2, bytes: 200_000, reached: 100_000 }]]);
  expect([gateway.requests, gateway.failed]).toEqual([3, 0]);
});

test('a part of an object begins where its offset says', async () => {
  const { gateway, url } = await gatewayTo([]);
  await put(`${url}/a`, BODY, { 'upload-offset': '0' });
  await put(`${url}/a`, BODY, { 'upload-offset': '100000' });
  expect(gateway.objects.get('/a')).toEqual({ requests: 2, bytes: 200_000, reached: 200_000 });
});

test('unavailable: 503 after the whole request, and the server sees nothing of it', async () => {
  const { gateway, got, url } = await gatewayTo(['unavailable']);
  expect((await put(`${url}/a`)).status).toBe(503);
  expect((await put(`${url}/a`)).status).toBe(200);
  expect(got).toEqual([100_000]);
  expect(gateway.objects.get('/a')).toEqual({ requests: 2, bytes: 200_000, reached: 100_000 });
  expect([gateway.requests, gateway.failed]).toEqual([2, 1]);
});

test('cut: the client gets no answer, the server no whole request', async () => {
  const { gateway, got, url } = await gatewayTo(['cut']);
  await expect(put(`${url}/a`)).rejects.toThrow();
  expect((await put(`${url}/a`)).status).toBe(200);
  expect(got).toEqual([100_000]);
  expect(gateway.failed).toBe(1);
  expect(gateway.objects.get('/a')?.bytes).toBeGreaterThanOrEqual(150_000);
});

test('answer-lost: the server did it, the client does not know', async () => {
  const { got, url } = await gatewayTo(['answer-lost']);
  await expect(put(`${url}/a`)).rejects.toThrow();
  expect(got).toEqual([100_000]);
});
