import { timingSafeEqual } from 'node:crypto';
import { Router } from 'express';
import type { HttpParts } from './parts.ts';
import { Problem } from './problem.ts';

/** `GET /metrics`: for Prometheus. With METRICS_TOKEN set, only who sends it as a bearer token may read. */
export function metrics({ scrape, metricsToken }: Pick<HttpParts, 'scrape' | 'metricsToken'>): Router {
  return Router().get('/metrics', async (request, response) => {
    if (metricsToken !== undefined && !isSame(request.get('authorization') ?? '', `Bearer ${metricsToken}`)) {
      throw new Problem(
        401,
        'token_missing',
        'send Authorization: Bearer <METRICS_TOKEN>',
        {},
        {
          'WWW-Authenticate': 'Bearer',
        },
      );
    }
    const { contentType, text } = await scrape();
    response.set({ 'Content-Type': contentType, 'Cache-Control': 'no-store' }).send(text);
  });
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
