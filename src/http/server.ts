/**
 * The HTTP server around the application.
 *
 *   listening: the port is ours before the rest is there (a busy one is told at once); who comes early, after a
 *     restart, is answered 503 and told to come again.
 *   serving: requests go to the application.
 *   draining: they still do, but no connection is kept for a next one: who balances load asks elsewhere from now on.
 *   closing: no new connections; event streams are cut (their clients resume), other requests under way get a moment.
 *
 * Who says nothing, or says it slowly, is cut off: connections, and what they may take, are bounded.
 */
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { limitConnections } from './connection-limit.ts';
import { type Listening, listenWidely } from './listen-widely.ts';

/** Requests under way get this long when the application stops. */
const FINISH_MS = 5_000;

export interface HttpServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  serve(application: RequestListener): void;
  drain(): void;
  /** Resolves within seconds. */
  close(): Promise<void>;
}

/** In milliseconds. */
export type Patience = {
  /** For a request's head, from its first byte, or from the connection's first moment. */
  readonly headersMs: number;
  /** For a whole request. An upload may take ten minutes; uploads and parsed bodies have stricter ones of their own. */
  readonly requestMs: number;
  /** For the next request on a connection; longer than load balancers keep theirs (60 s), so that they end it, not we. */
  readonly keepAliveMs: number;
  /** How often connections are looked at: each may last so much longer. */
  readonly lookMs: number;
};

const PATIENCE: Patience = {
  headersMs: 20_000,
  requestMs: 11 * 60_000,
  keepAliveMs: 65_000,
  lookMs: 5_000,
};
/** Event streams, those who wait between two requests, and all that are under way. */
const MAX_CONNECTIONS = 10_000;
const MAX_CONNECTIONS_OF_AN_ADDRESS = 500;

export type ListenOptions = {
  readonly patience?: Partial<Patience>;
  /** Connections are a proxy's, who bounds those of its clients. */
  readonly behindProxy?: boolean;
  /** On the port; as many as `listenWidely` finds good. */
  readonly listeners?: number | undefined;
};

/** Port 0: a free one. Rejects with what the system says (EADDRINUSE, EACCES). */
export async function listen(host: string, port: number, options: ListenOptions = {}): Promise<HttpServer> {
  const { headersMs, requestMs, keepAliveMs, lookMs } = { ...PATIENCE, ...options.patience };
  const server = createServer({ connectionsCheckingInterval: lookMs }, notReadyYet);
  server.requestTimeout = requestMs;
  server.headersTimeout = headersMs;
  server.keepAliveTimeout = keepAliveMs;
  if (options.behindProxy !== true) limitConnections(server, MAX_CONNECTIONS_OF_AN_ADDRESS);
  const underWay = new Set<ServerResponse>();
  let isDraining = false;
  server.on('request', (_request, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    if (isDraining) response.shouldKeepAlive = false;
  });
  const listening = await listenWidely(server, {
    host,
    port,
    mostConnections: MAX_CONNECTIONS,
    listeners: options.listeners,
  });
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening.port}`,
    serve(application) {
      server.off('request', notReadyYet);
      server.on('request', application);
    },
    drain() {
      isDraining = true;
    },
    close: () => close(server, listening, underWay),
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

async function close(
  server: Server,
  listening: Listening,
  underWay: ReadonlySet<ServerResponse>,
): Promise<void> {
  if (!server.listening) return;
  const closed = listening.close();
  server.closeIdleConnections();
  for (const response of underWay) if (isEventStream(response)) response.destroy();
  const timer = setTimeout(() => server.closeAllConnections(), FINISH_MS);
  await closed;
  clearTimeout(timer);
}

function isEventStream(response: ServerResponse): boolean {
  return String(response.getHeader('content-type')).startsWith('text/event-stream');
}
