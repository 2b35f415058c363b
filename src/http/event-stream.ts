/** What every stream of Server-Sent Events (WHATWG HTML §9.2) begins with and is kept open by. */
import type { Request, Response } from 'express';
import { callerOf } from './authentication.ts';

/** Comments keep proxies from closing a quiet connection. */
const PING_MS = 15_000;
const RECONNECT_MS = 2_000;
/** Of `setTimeout`; 25 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Sends the head; gives a function that ends the pings. A stream lives no longer than the token that it was asked for
 * with: it is cut then, and who has a new one resumes.
 */
export function beginEventStream(request: Request, response: Response): () => void {
  response.status(200).set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Accel-Buffering': 'no',
  });
  response.flushHeaders();
  response.write(`retry: ${RECONNECT_MS}\n\n`);
  const pinger = setInterval(() => response.write(': ping\n\n'), PING_MS);
  const life = Math.min(Math.max(callerOf(request).expiresAt - Date.now(), 0), MAX_TIMER_MS);
  const expiry = setTimeout(() => response.destroy(), life);
  return () => {
    clearInterval(pinger);
    clearTimeout(expiry);
  };
}
