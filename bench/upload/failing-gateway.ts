/**
 * An HTTP gateway between a link and its server, as in front of every service: it counts the bytes of uploads that
 * reach it and, when asked to, fails requests.
 *
 *   none: passed on.
 *   unavailable: the request is read to its end and answered 503; the server never sees it.
 *   cut: the connection breaks somewhere in the request; the server gets a part of it.
 *   answer-lost: the server does what was asked for, and the connection breaks before its answer.
 */
import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { Transform } from 'node:stream';

export type Fault = 'none' | 'unavailable' | 'cut' | 'answer-lost';

/** What reached the gateway for one object, over all requests. */
export type UploadedObject = {
  readonly requests: number;
  readonly bytes: number;
  /** How far into the object the furthest request came. */
  readonly reached: number;
};

export type Gateway = {
  readonly port: number;
  /** By path. */
  readonly objects: ReadonlyMap<string, UploadedObject>;
  readonly requests: number;
  readonly failed: number;
  close(): Promise<void>;
};

/** @param target its origin, asked at each request @param draw the fault of the next request; `where` in 0–1: how far into its body it is cut */
export async function startGateway(
  target: () => string,
  draw: () => { readonly fault: Fault; readonly where: number },
): Promise<Gateway> {
  const objects = new Map<string, UploadedObject>();
  const agent = new Agent({ keepAlive: true });
  let requests = 0;
  let failed = 0;

  /** Passes the body on, counting it; breaks off after `limit` bytes. */
  function counted(request: IncomingMessage, limit: number, onCut: () => void): Transform {
    const path = request.url?.split('?')[0] ?? '';
    const isUpload = request.method === 'PUT' || request.method === 'PATCH';
    // tus sends a part of the object at a time and says where it begins.
    const offset = Number(request.headers['upload-offset'] ?? 0);
    let seen = 0;
    if (isUpload) count(path, { requests: 1, bytes: 0, reached: 0 });
    return new Transform({
      transform(data: Buffer, _encoding, done) {
        seen += data.length;
        if (isUpload) count(path, { requests: 0, bytes: data.length, reached: offset + seen });
        done(null, data);
        if (seen >= limit) onCut();
      },
    });
  }

  function count(path: string, more: UploadedObject): void {
    const { requests: before, bytes, reached } = objects.get(path) ?? { requests: 0, bytes: 0, reached: 0 };
    objects.set(path, {
      requests: before + more.requests,
      bytes: bytes + more.bytes,
      reached: Math.max(reached, more.reached),
    });
  }

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const { fault, where } = draw();
    requests++;
    if (fault !== 'none') failed++;
    if (fault === 'unavailable') {
      request.pipe(counted(request, Number.POSITIVE_INFINITY, () => undefined)).resume();
      request.once('end', () => unavailable(response));
      return;
    }
    const length = Number(request.headers['content-length'] ?? 0);
    const { method, url: path, headers } = request;
    const { hostname: host, port } = new URL(target());
    const upstream = openRequest({ agent, host, port, method, path, headers });
    upstream.on('error', () => request.socket.destroy());
    const breakOff = () => {
      upstream.destroy();
      request.socket.resetAndDestroy();
    };
    const limit = fault === 'cut' ? Math.ceil(length * where) : Number.POSITIVE_INFINITY;
    if (limit === 0) {
      breakOff();
      return;
    }
    upstream.once('response', (answer) => {
      if (fault === 'answer-lost') {
        breakOff();
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      response.flushHeaders();
      answer.once('error', () => request.socket.destroy());
      answer.pipe(response);
    });
    request.pipe(counted(request, limit, breakOff)).pipe(upstream);
    response.once('close', () => upstream.destroy());
  }

  const server = createServer(handle);
  server.requestTimeout = 0;
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    objects,
    get requests() {
      return requests;
    },
    get failed() {
      return failed;
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
      agent.destroy();
    },
  };
}

function unavailable(response: ServerResponse): void {
  const problem = { type: 'about:blank', title: 'Unavailable', status: 503, code: 'unavailable' };
  response.writeHead(503, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
}
