/**
 * An HTTP gateway, as in front of every service: it shares requests out among the nodes that are there, and lets some of
 * them fail (`request-fault.ts`). A node that cannot be reached is passed over, as a load balancer does it; when there is
 * none, it answers 502.
 *
 * A request is read whole before it is passed on (recordings here are small), its answer is passed on as it comes. What
 * breaks off breaks the client's connection with a reset, so that nobody takes a part for the whole.
 */
import { once } from 'node:events';
import {
  Agent,
  type ClientRequest,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { DrawnFault, RequestFault } from './request-fault.ts';

export type GatewayOptions = {
  /** Origins of the nodes that are there, asked at each request. */
  readonly nodes: () => readonly string[];
  readonly draw: () => DrawnFault | null;
  /** The whole request has gone to a node, which has not answered yet. */
  readonly onPassed?: (passed: Passed) => void;
};

export type Passed = { readonly node: string; readonly method: string; readonly path: string };

export type Gateway = {
  /** `http://127.0.0.1:40123` */
  readonly origin: string;
  readonly requests: number;
  /** By what became of them. */
  readonly faults: ReadonlyMap<RequestFault, number>;
  close(): Promise<void>;
};

/** A request in drops: so many pieces. */
const DROPS = 8;

export async function startGateway({ nodes, draw, onPassed }: GatewayOptions): Promise<Gateway> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1_000 });
  const faults = new Map<RequestFault, number>();
  let requests = 0;
  let turn = 0;

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requests++;
    const drawn = draw();
    if (drawn !== null) faults.set(drawn.fault, (faults.get(drawn.fault) ?? 0) + 1);
    if (drawn?.fault === 'refused') return void request.socket.resetAndDestroy();
    const body = await buffer(request);
    if (drawn?.fault === 'error page') return errorPage(response, drawn.where < 0.5 ? 500 : 503);
    if (drawn?.fault === 'overtaken') await delay(drawn.milliseconds);
    const there = nodes();
    const tries = there.map((_, index) => there[(turn + index) % there.length] ?? '');
    turn++;
    // Twice at once, to different nodes where there are several; the client hears the answer to the last.
    if (drawn?.fault === 'doubled') forget(send(request, body, tries.at(-1), null));
    await answer(request, response, body, tries, drawn);
  }

  async function answer(
    request: IncomingMessage,
    response: ServerResponse,
    body: Buffer,
    tries: readonly string[],
    drawn: DrawnFault | null,
  ): Promise<void> {
    for (const node of tries) {
      const passed = send(request, body, node, drawn);
      response.once('close', () => passed?.destroy());
      if (passed === null) continue;
      const answered = await answerTo(passed);
      if (answered === 'not reached') continue;
      if (answered === 'broken' || drawn?.fault === 'answer lost') {
        passed.destroy();
        request.socket.resetAndDestroy();
        return;
      }
      await passOn(answered, response, drawn?.fault === 'answer cut' ? drawn.where : null);
      return;
    }
    if (!response.destroyed) errorPage(response, 502);
  }

  /** Null: the node's address is none. */
  function send(
    request: IncomingMessage,
    body: Buffer,
    node: string | undefined,
    drawn: DrawnFault | null,
  ): ClientRequest | null {
    if (node === undefined || node === '') return null;
    const { hostname: host, port } = new URL(node);
    const { method = 'GET', url: path = '/' } = request;
    const { 'transfer-encoding': _, ...headers } = request.headers;
    if (body.length > 0) headers['content-length'] = String(body.length);
    const passed = openRequest({ agent, host, port, method, path, headers });
    passed.on('error', () => undefined); // heard where its answer is waited for
    passed.once('finish', () => onPassed?.({ node, method, path }));
    if (drawn?.fault === 'cut short') {
      // Not before it has gone out: a part of it is to arrive. Without a body its head would be all of it.
      const part = body.subarray(0, Math.max(1, Math.floor(body.length * drawn.where)));
      if (part.length === 0) passed.destroy(new Error('cut short'));
      else passed.write(part, () => setImmediate(() => passed.destroy(new Error('cut short'))));
    } else if (drawn?.fault === 'slow') void drip(passed, body, drawn.milliseconds);
    else passed.end(body);
    return passed;
  }

  const server = createServer((request, response) => {
    response.on('error', () => undefined);
    handle(request, response).catch(() => request.socket.destroy());
  });
  server.requestTimeout = 0;
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    faults,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      agent.destroy();
    },
  };
}

type Answered = IncomingMessage | 'not reached' | 'broken';

function answerTo(passed: ClientRequest): Promise<Answered> {
  return new Promise((resolve) => {
    passed.once('response', resolve);
    passed.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'not reached' : 'broken'),
    );
    passed.once('close', () => resolve('broken'));
  });
}

/** @param cutAt in 0–1: how far; of a stream, whose length nobody knows, its first piece is the last; null: whole */
async function passOn(answer: IncomingMessage, response: ServerResponse, cutAt: number | null) {
  const { statusCode = 502, headers } = answer;
  const length = Number(headers['content-length'] ?? 0);
  const limit = cutAt === null ? Number.POSITIVE_INFINITY : Math.floor(length * cutAt);
  const breakOff = () => {
    answer.destroy();
    response.socket?.resetAndDestroy();
  };
  response.writeHead(statusCode, headers);
  response.flushHeaders();
  answer.once('error', () => response.socket?.resetAndDestroy());
  let passed = 0;
  answer.on('data', (data: Buffer) => {
    passed += data.length;
    if (passed <= limit) {
      if (!response.write(data)) {
        answer.pause();
        response.once('drain', () => answer.resume());
      }
      return;
    }
    response.write(data.subarray(0, Math.max(0, data.length - (passed - limit))), () => breakOff());
  });
  answer.once('end', () => response.end());
  answer.once('close', () => {
    if (!answer.complete) response.socket?.resetAndDestroy();
  });
}

function forget(passed: ClientRequest | null): void {
  passed?.once('response', (answer) => answer.destroy());
}

async function drip(passed: ClientRequest, body: Buffer, milliseconds: number): Promise<void> {
  passed.flushHeaders();
  const piece = Math.max(1, Math.ceil(body.length / DROPS));
  for (let from = 0; from < body.length && !passed.destroyed; from += piece) {
    await delay(milliseconds / DROPS);
    if (!passed.destroyed) passed.write(body.subarray(from, from + piece));
  }
  if (body.length === 0) await delay(milliseconds);
  if (!passed.destroyed) passed.end();
}

function errorPage(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html' });
  response.end(`<html><body><h1>${status}</h1>nginx, or something like it</body></html>`);
}
