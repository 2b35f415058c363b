/** A span for each request of a session, in the session's own trace; the caller's trace is linked. */
import type { RequestHandler } from 'express';
import type { Tracing } from '../telemetry/tracing.ts';

const OF_SESSION = /^\/audio\/session\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/|$)/i;

export function traceRequests(tracing: Tracing): RequestHandler {
  return (request, response, next) => {
    const sessionId = OF_SESSION.exec(request.path)?.[1]?.toLowerCase();
    // An event stream lives as long as its page: no span of its own.
    if (sessionId === undefined || request.path.endsWith('/events')) return next();
    const options = { sessionId, linked: request.get('traceparent'), kind: 'server' } as const;
    void tracing.span(request.method, options, async (span) => {
      const ended = new Promise<void>((resolve) => response.once('close', resolve));
      next();
      await ended;
      const route = request.route?.path;
      if (typeof route === 'string') span.named(`${request.method} ${request.baseUrl}${route}`);
      span.set('http.response.status_code', response.statusCode);
      if (response.statusCode >= 500) span.failed(`http_${response.statusCode}`);
    });
  };
}
