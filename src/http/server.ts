/**
 * The HTTP server around the application.
 *
 *   listening: the port is ours before the rest is there (a busy one is told at once); who comes early, after a
 *     restart, is answered 503 and told to come again.
 *   serving: requests go to the application.
 *   closing: no new connections; requests under way get a moment, event streams are cut (their clients resume).
 */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';

/** Requests under way get this long when the application stops. */
const DRAIN_MS = 3_000;

export interface HttpServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  serve(application: RequestListener): void;
  close(): Promise<void>;
}

/** Port 0: a free one. Rejects with what the system says (EADDRINUSE, EACCES). */
export async function listen(host: string, port: number): Promise<HttpServer> {
  const server = createServer(notReadyYet);
  // An upload may take ten minutes; the upload handler has a stricter patience of its own.
  server.requestTimeout = 11 * 60_000;
  server.headersTimeout = 20_000;
  server.keepAliveTimeout = 65_000;
  server.listen(port, host);
  await once(server, 'listening');
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${portOf(server)}`,
    serve(application) {
      server.off('request', notReadyYet);
      server.on('request', application);
    },
    close: () => close(server),
  };
}

const notReadyYet: RequestListener = (request, response) => {
  request.resume();
  response.writeHead(503, {
    'Content-Type': 'application/problem+json',
    'Retry-After': '1',
    Connection: 'close',
  });
  response.end(
    JSON.stringify({
      type: '/docs/errors#starting',
      title: 'Starting',
      status: 503,
      code: 'starting',
      detail: 'come again in a moment',
    }),
  );
};

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
