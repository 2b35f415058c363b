/** What the HTTP server does at its port: it takes it, whole or not at all, and lets many in at once. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type HttpServer, listen } from '../../src/http/server.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { describeIf } from '../support/optional.ts';

const HOST = '127.0.0.1';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function given(port = 0): Promise<HttpServer> {
  const server = await listen(HOST, port);
  closing.push(() => server.close());
  return server;
}

/** Status of an answer to a connection of its own. */
async function asked(url: string): Promise<number | undefined> {
  const sent = request(url, { agent: false }).end();
  const [response] = await once(sent, 'response');
  response.resume();
  await once(response, 'end');
  return response.statusCode;
}

describe('a port', () => {
  it('that another program has is not taken, and it is told at once', async () => {
    const other = createServer().listen(0, HOST);
    await once(other, 'listening');
    closing.push(() => new Promise((resolve) => other.close(resolve)));
    const { port } = other.address() as { port: number };
    await expect(listen(HOST, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('that one of ours has is not shared with a second', async () => {
    const port = await freePort();
    const first = await given(port);
    expect(first.url).toBe(`http://${HOST}:${port}`);
    await expect(listen(HOST, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const chosen = await given();
    await expect(listen(HOST, Number(new URL(chosen.url).port))).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
    expect(await asked(first.url)).toBe(503); // not ready yet, and still the first
  });

  it('is free again when the server is closed', async () => {
    const port = await freePort();
    await (await listen(HOST, port)).close();
    const other = createServer().listen(port, HOST);
    await once(other, 'listening');
    closing.push(() => new Promise((resolve) => other.close(resolve)));
  });
});

describe('many who come at once', () => {
  it('are all answered, whichever listener let them in, and all gone when it is closed', async () => {
    const server = await given();
    server.serve((_request, response) => response.writeHead(204).end());
    const statuses = await Promise.all(Array.from({ length: 200 }, () => asked(server.url)));
    expect(new Set(statuses)).toEqual(new Set([204]));

    const idle = Array.from({ length: 50 }, () => connect(Number(new URL(server.url).port), HOST));
    const gone = idle.map((socket) => once(socket.resume(), 'close'));
    await Promise.all(idle.map((socket) => once(socket, 'connect')));
    for (const socket of idle) socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await Promise.all(idle.map((socket) => once(socket, 'data')));
    await server.close();
    await Promise.all(gone);
  });
});

const notLinux = process.platform === 'linux' ? null : 'a port may have one listener only';

describeIf(notLinux, 'many who come at once, where ports are shared', () => {
  it('are let in several at a time, each time round the event loop', async () => {
    const server = await given();
    const sockets: Socket[] = [];
    closing.push(async () => {
      for (const socket of sockets) socket.destroy();
    });
    const rounds = await new Promise<number>((resolve, reject) => {
      let round = 0;
      let answered = 0;
      const count = () => {
        round += 1;
        if (answered < 400) setImmediate(count);
        else resolve(round);
      };
      for (let at = 0; at < 400; at += 1) {
        const socket = connect(Number(new URL(server.url).port), HOST);
        socket.once('error', reject).once('data', () => {
          answered += 1;
        });
        socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
        sockets.push(socket);
      }
      setImmediate(count);
    });
    // One each time round would be 400 rounds at the least.
    expect(rounds).toBeLessThan(300);
    await eventually(() => expect(sockets.every(({ destroyed }) => destroyed)).toBe(true)); // Connection: close
  });
});
