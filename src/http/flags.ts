import { Router } from 'express';
import { callerOf } from './authentication.ts';
import type { HttpParts } from './parts.ts';

/** `GET /flags`: what the app shall do. `create` decides; this lets the app prepare. */
export function flags({ flags: port }: HttpParts): Router {
  return Router().get('/', (request, response) => {
    const { assignment, chunkSeconds, concurrency } = port.chunkedUpload(callerOf(request).subject);
    const { variant } = assignment;
    response.set('Cache-Control', 'private, max-age=30').json({
      chunkedUpload: { enabled: variant === 'chunked', variant, chunkSeconds, concurrency },
    });
  });
}
