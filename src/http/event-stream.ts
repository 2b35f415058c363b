/** What every stream of Server-Sent Events (WHATWG HTML §9.2) begins with and is kept open by. */
import type { Response } from 'express';

/** Comments keep proxies from closing a quiet connection. */
const PING_MS = 15_000;
const RECONNECT_MS = 2_000;

/** Sends the head; gives a function that ends the pings. */
export function beginEventStream(response: Response): () => void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  const pinger = setInterval(() => response.write(': ping\n\n'), PING_MS);
  return () => clearInterval(pinger);
}
