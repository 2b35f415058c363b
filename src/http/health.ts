/** `/healthz`: the process answers. `/readyz`: what it stands on answers too, and it is not about to stop. */
import { setTimeout as delay } from 'node:timers/promises';
import { Router } from 'express';
import type { HttpParts } from './parts.ts';

const CHECK_TIMEOUT_MS = 2_000;

export function health({
  readiness,
  isStopping,
  log,
}: Pick<HttpParts, 'readiness' | 'isStopping' | 'log'>): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/readyz', async (_request, response) => {
    if (isStopping()) {
      response.status(503).json({ status: 'stopping' });
      return;
    }
    const checks = await Promise.all(
      Object.entries(readiness).map(async ([name, check]): Promise<[string, 'ok' | 'unavailable']> => {
        const timeout = new AbortController();
        try {
          const late = delay(CHECK_TIMEOUT_MS, undefined, { signal: timeout.signal }).then(() => {
            throw new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`);
          });
          await Promise.race([check(), late]);
          return [name, 'ok'];
        } catch (error) {
          log('warn', `not ready: ${name}`, { err: error });
          return [name, 'unavailable'];
        } finally {
          timeout.abort();
        }
      }),
    );
    const ready = checks.every(([, state]) => state === 'ok');
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(checks) });
  });
  return router;
}
