/**
 * `/rollouts/:flag`: where the rollout is, and the moves of a release manager. `/experiments/:flag`: what it shows.
 *
 * A move may carry `If-Match` with the ETag that the mover saw. When somebody moved meanwhile it is answered 409 with
 * the rollout as it is now, so that he sees what happened; so it is, too, when two moves meet at the log.
 */
import { type Request, type Response, Router } from 'express';
import type { Move } from '../rollout/commands.ts';
import type { Mover } from '../rollout/events.ts';
import type { RolloutDocument } from '../rollouts/desk.ts';
import { callerOf } from './authentication.ts';
import { parse, parseBody } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { flagUnknown, Problem, problemOfRollout } from './problem.ts';
import { requireRole } from './roles.ts';
import { rolloutEvents } from './rollout-events.ts';
import { AutopilotBody, FlagParams, PercentBody, ReasonBody } from './rollout-schemas.ts';

const READERS = ['viewer', 'release-manager', 'sre'] as const;

export function experiments({ desk }: HttpParts): Router {
  return Router().get('/:flag', requireRole(...READERS), async (request, response) => {
    const { flag } = parse(FlagParams, request.params, 'path');
    const experiment = await desk.experiment(flag);
    if (experiment === null) throw flagUnknown(flag);
    response.set('Cache-Control', 'private, no-cache').json(experiment);
  });
}

export function rollouts(parts: HttpParts): Router {
  const { desk, now, newId } = parts;
  const router = Router();

  router.use(requireRole(...READERS));
  router.get('/:flag', async (request, response) => {
    const { flag } = parse(FlagParams, request.params, 'path');
    const document = await desk.rollout(flag);
    if (document === null) throw flagUnknown(flag);
    answer(response, document);
  });
  router.get('/:flag/events', rolloutEvents(parts));

  // Who is on call has a hand on the brake, and on nothing else.
  router.post('/:flag/rollback', requireRole('release-manager', 'sre'), async (request, response) => {
    const { reason } = parseBody(ReasonBody, request);
    await move(request, response, { type: 'RollBack', now: now(), ...person(request, reason) });
  });
  router.use(requireRole('release-manager'));
  router.put('/:flag/percent', async (request, response) => {
    const { percent, reason } = parseBody(PercentBody, request);
    await move(request, response, { type: 'EnterStage', percent, now: now(), ...person(request, reason) });
  });
  for (const [path, type] of MOVES) {
    router.post(`/:flag/${path}`, async (request, response) => {
      const { reason } = parseBody(ReasonBody, request);
      await move(request, response, { type, now: now(), ...person(request, reason) });
    });
  }
  router.post('/:flag/autopilot', async (request, response) => {
    const { enabled, reason } = parseBody(AutopilotBody, request);
    await move(request, response, { type: 'SetAutopilot', enabled, now: now(), ...person(request, reason) });
  });

  async function move(request: Request, response: Response, command: Move): Promise<void> {
    const { flag } = parse(FlagParams, request.params, 'path');
    const metadata = { correlationId: newId(), actor: command.actor };
    const { document, rejected } = await desk.move(flag, command, metadata, seenMoves(request));
    if (document === null) throw flagUnknown(flag);
    if (rejected !== undefined) throw problemOfRollout(rejected, { rollout: document });
    answer(response, document);
  }
  return router;
}

const MOVES = [
  ['pause', 'Pause'],
  ['resume', 'Resume'],
  ['complete', 'Complete'],
] as const;

function person(request: Request, reason: string): Mover {
  return { by: 'person', actor: `operator:${callerOf(request).subject}`, reason };
}

function answer(response: Response, document: RolloutDocument): void {
  response.set({ ETag: `"${document.moves}"`, 'Cache-Control': 'private, no-cache' }).json(document);
}

function seenMoves(request: Request): number | undefined {
  const header = request.get('if-match');
  if (header === undefined || header.trim() === '*') return undefined;
  const moves = /^"(\d{1,9})"$/.exec(header.trim())?.[1];
  if (moves === undefined) {
    throw new Problem(400, 'validation_failed', 'header: if-match: the ETag of GET /rollouts/:flag', {
      in: 'header',
      errors: [{ field: 'if-match', message: 'the ETag of GET /rollouts/:flag' }],
    });
  }
  return Number(moves);
}
