/**
 * Tells of each request when its last byte is sent. The route is the one that answered (`/audio/session/:id/status`), never
 * the path: paths have ids in them, and strangers make them up.
 */
import type { Request, RequestHandler } from 'express';

export type Measured = {
  readonly route: string;
  readonly method: string;
  /** `2xx`, `3xx`, `4xx`, `5xx`; `aborted` when the caller went away before. */
  readonly status: string;
  readonly seconds: number;
};

const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'];

export function measure(onAnswered: (measured: Measured) => void): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const { method } = request;
    response.on('close', () => {
      const status = response.writableFinished ? `${Math.floor(response.statusCode / 100)}xx` : 'aborted';
      onAnswered({
        route: routeOf(request),
        method: METHODS.includes(method) ? method : 'other',
        status,
        seconds: (performance.now() - started) / 1000,
      });
    });
    next();
  };
}

/** Event streams live as long as their page: as requests they would only hide the others. */
export function isEventStream(route: string): boolean {
  return route.endsWith('/events');
}

function routeOf(request: Request): string {
  const route = request.route?.path;
  if (typeof route === 'string') return `${request.baseUrl}${route}`.replace(/(?<=.)\/$/, '');
  // Answered before a route was found, by middleware of a mount: the disk store, the pages, a refusal.
  if (request.baseUrl !== '') return request.baseUrl;
  return request.originalUrl.startsWith('/objects/') ? '/objects' : 'other';
}
