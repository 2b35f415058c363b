/**
 * CORS: pages of the origins that were configured may ask, letter by letter, and nobody else's. There are no cookies, so
 * nothing is sent along that a page does not have itself, and credentials are never allowed.
 */
import type { RequestHandler } from 'express';

const ALLOWED_HEADERS = [
  'Authorization',
  'Content-Type',
  'Idempotency-Key',
  'If-Match',
  'If-None-Match',
  'Last-Event-ID',
  'Prefer',
  'traceparent',
].join(', ');
const METHODS = 'GET, HEAD, POST, PUT, DELETE';
const EXPOSED = 'ETag, Location, RateLimit, RateLimit-Policy, Retry-After';
/** Chromium's own most. */
const PREFLIGHT_SECONDS = '7200';

/** The disk store's own URLs (`/objects`) have rules of their own. */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  return (request, response, next) => {
    const { origin } = request.headers;
    if (origins.length === 0 || request.path.startsWith('/objects/')) return next();
    response.vary('Origin');
    if (origin === undefined || !origins.includes(origin)) return next();
    response.set({
      'Access-Control-Allow-Origin': origin,
      'Access-Control-Expose-Headers': EXPOSED,
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (request.method !== 'OPTIONS') return next();
    response
      .status(204)
      .set({
        'Access-Control-Allow-Methods': METHODS,
        'Access-Control-Allow-Headers': ALLOWED_HEADERS,
        'Access-Control-Max-Age': PREFLIGHT_SECONDS,
      })
      .end();
  };
}
