import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type Gateway, type Passed, startGateway } from './gateway.ts';
import type { DrawnFault, RequestFault } from './request-fault.ts';

describe('the gateway', () => {
  const got: string[] = [];
  let server: Server;
  let node: string;
  let gateway: Gateway;
  let fault: DrawnFault | null = null;
  let nodes: string[];
  const passed: Passed[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      buffer(request).then(
        (body) => {
          got.push(`${request.method} ${request.url} ${body}`);
          response.writeHead(201, { 'content-length': 10 }).end('0123456789');
        },
        () => got.push('broken off'),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    node = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    nodes = [node];
    gateway = await startGateway({
      nodes: () => nodes,
      draw: () => fault,
      onPassed: (each) => passed.push(each),
    });
  });
  afterEach(() => {
    got.length = 0;
    passed.length = 0;
    fault = null;
    nodes = [node];
  });
  afterAll(async () => {
    await gateway.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  });

  const failing = (name: RequestFault) => {
    fault = { fault: name, where: 0.5, milliseconds: 40 };
  };
  const send = async () => {
    const response = await fetch(`${gateway.origin}/a?b=c`, {
      method: 'PUT',
      body: 'what was said',
      headers: { connection: 'close' },
    });
    return { status: response.status, text: await response.text() };
  };
  const WHOLE = 'PUT /a?b=c what was said';

  it('passes a request and its answer', async () => {
    expect(await send()).toEqual({ status: 201, text: '0123456789' });
    expect(got).toEqual([WHOLE]);
    expect(passed).toEqual([{ node, method: 'PUT', path: '/a?b=c' }]);
  });

  it('passes over a node that is not there, and answers 502 when none is', async () => {
    nodes = ['http://127.0.0.1:1', node, 'http://127.0.0.1:1'];
    for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ status: 201 });
    nodes = ['http://127.0.0.1:1'];
    expect(await send()).toMatchObject({ status: 502 });
    nodes = [];
    expect(await send()).toMatchObject({ status: 502 });
  });

  it.each<[RequestFault, string[]]>([
    ['refused', []],
    ['cut short', ['broken off']],
    ['answer lost', [WHOLE]],
    ['answer cut', [WHOLE]],
  ])('lets a client hear of no answer: %s', async (name, reached) => {
    failing(name);
    await expect(send()).rejects.toThrow();
    const giveUpAt = Date.now() + 5_000;
    while (got.length < reached.length && Date.now() < giveUpAt) await new Promise(setImmediate);
    expect(got).toEqual(reached);
  });

  it('answers for a server that is not asked', async () => {
    failing('error page');
    expect(await send()).toMatchObject({ status: 503, text: expect.stringContaining('<html>') });
    expect(got).toEqual([]);
  });

  it.each<[RequestFault, string[]]>([
    ['slow', [WHOLE]],
    ['overtaken', [WHOLE]],
    ['doubled', [WHOLE, WHOLE]],
  ])('lets it arrive whole all the same: %s', async (name, reached) => {
    failing(name);
    expect(await send()).toEqual({ status: 201, text: '0123456789' });
    expect(got).toEqual(reached);
  });

  it('counts what it did', () => {
    expect(gateway.faults.get('answer lost')).toBe(1);
    expect(gateway.requests).toBeGreaterThan(10);
  });
});
