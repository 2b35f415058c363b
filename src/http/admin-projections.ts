/** `/admin/projections`: the views, and building one anew beside itself. Role `sre`. */
import { type Request, Router } from 'express';
import type { Projections } from '../eventlog/projections.ts';
import { callerOf } from './authentication.ts';
import { Problem } from './problem.ts';
import { requireRole } from './roles.ts';

export function adminProjections({ projections }: { readonly projections: Projections }): Router {
  const router = Router();
  router.use('/projections', requireRole('sre'));

  router.get('/projections', async (_request, response) => {
    response.json({ projections: await projections.list() });
  });

  router.post('/projections/:name/rebuild', async (request, response) => {
    const rebuild = await projections.rebuild(nameOf(request), `operator:${callerOf(request).subject}`);
    if (rebuild === null) throw projectionUnknown(request);
    response.status(202).json(rebuild);
  });

  router.delete('/projections/:name/rebuild', async (request, response) => {
    const cancelled = await projections.cancel(nameOf(request));
    if (cancelled === null) throw projectionUnknown(request);
    if (cancelled === 'none') throw new Problem(409, 'not_rebuilding', 'it is not being rebuilt');
    response.status(202).json(cancelled);
  });
  return router;
}

function nameOf(request: Request): string {
  return String(request.params.name);
}

function projectionUnknown(request: Request): Problem {
  return new Problem(404, 'projection_not_found', `there is no projection ${nameOf(request)}`);
}
