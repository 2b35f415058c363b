/** `/admin`: what those who run the service look at and put right. Role `sre`; no speech, no text, ever. */
import { type Request, Router } from 'express';
import { z } from 'zod';
import { defined } from '../recording/defined.ts';
import { type RecordingEvent, STEPS, type StepName } from '../recording/events.ts';
import { spans } from '../recording/timeline.ts';
import { DeadLetterParams, DeadLettersQuery, SessionsQuery } from './admin-schemas.ts';
import { callerOf } from './authentication.ts';
import { decodeCursor, pageOf } from './cursor.ts';
import { parse, sessionIdOf } from './parse.ts';
import type { HttpParts } from './parts.ts';
import { Problem, problemOf } from './problem.ts';
import { requireRole } from './roles.ts';

/** Requeued at once by "all"; the rest by the next call. */
const REQUEUED_AT_ONCE = 200;

export function admin(parts: HttpParts): Router {
  const { sessions, sessionList, consumers, now, newId } = parts;
  const router = Router();
  router.use(requireRole('sre'));

  router.get('/sessions', async (request, response) => {
    const { limit, before, state, variant, stuck, dead } = parse(SessionsQuery, request.query, 'query');
    const rows = await sessionList.page(
      {
        limit: limit + 1,
        ...defined({ state, variant, stuck, dead }),
        ...(before === undefined ? {} : { before: decodeCursor(before) }),
      },
      now(),
    );
    const { page, next } = pageOf(rows, limit);
    response.json({
      sessions: page,
      next,
    });
  });

  router.get('/sessions/:id/timeline', async (request, response) => {
    const sessionId = sessionIdOf(request);
    const { session, recorded } = await sessions.history(sessionId);
    if (session === null) throw new Problem(404, 'session_not_found', 'there is no such session');
    response.json({
      sessionId,
      state: session.phase,
      assignment: session.assignment,
      spans: spans(recorded.map(({ event }) => event)),
      events: recorded.map(({ event, version, recordedAt, metadata }) => ({
        version,
        type: event.type,
        at: event.data.at,
        recordedAt,
        actor: metadata.actor,
        traceId: metadata.traceparent?.split('-')[1] ?? null,
        facts: factsOf(event),
      })),
    });
  });

  router.post('/sessions/:id/requeue', async (request, response) => {
    await requeueSession(request, sessionIdOf(request));
    response.status(202).json({ requeued: 1 });
  });

  router.get('/consumers', async (_request, response) => {
    response.json({ consumers: await consumers.list() });
  });

  router.get('/dead-letters', async (request, response) => {
    const { limit, before } = parse(DeadLettersQuery, request.query, 'query');
    const rows = await sessionList.page(
      { dead: true, limit: limit + 1, ...(before === undefined ? {} : { before: decodeCursor(before) }) },
      now(),
    );
    const { page, next } = pageOf(rows, limit);
    const ofSteps = page.flatMap(({ sessionId, deadSteps, endedAt, changedAt }) =>
      STEPS.filter((step) => deadSteps[step] !== undefined).map((step) => ({
        id: idOf('step', sessionId, step),
        kind: 'step',
        sessionId,
        stream: `recording-${sessionId}`,
        of: step,
        code: deadSteps[step],
        message: null,
        since: endedAt ?? changedAt,
        requeued: false,
      })),
    );
    // Streams that a consumer gave up on are few; they stand on the first page.
    const parked = before === undefined ? await consumers.parked() : [];
    const ofConsumers = parked.map(({ consumer, stream, errorCode, errorMessage, parkedAt, requeued }) => ({
      id: idOf('consumer', consumer, stream),
      kind: 'consumer',
      sessionId: stream.startsWith('recording-') ? stream.slice('recording-'.length) : null,
      stream,
      of: consumer,
      code: errorCode,
      message: errorMessage,
      since: parkedAt,
      requeued,
    }));
    response.json({
      deadLetters: [...ofConsumers, ...ofSteps],
      next,
    });
  });

  router.post('/dead-letters/requeue', async (request, response) => {
    let requeued = 0;
    for (const { consumer, stream } of await consumers.parked())
      if (await consumers.requeue(consumer, stream)) requeued++;
    const rows = await sessionList.page({ dead: true, limit: REQUEUED_AT_ONCE }, now());
    for (const { sessionId } of rows) {
      await requeueSession(request, sessionId).then(
        () => requeued++,
        (error: unknown) => {
          // Mended or erased meanwhile: there is nothing to requeue any more.
          if (!(error instanceof Problem) || error.status >= 500) throw error;
        },
      );
    }
    response.status(202).json({ requeued });
  });

  router.post('/dead-letters/:id/requeue', async (request, response) => {
    const { id } = parse(DeadLetterParams, request.params, 'path');
    const [kind, of, stream] = partsOf(id);
    if (kind === 'step') await requeueSession(request, of);
    else if (!(await consumers.requeue(of, stream))) throw deadLetterUnknown();
    response.status(202).json({ requeued: 1 });
  });

  async function requeueSession(request: Request, sessionId: string): Promise<void> {
    const metadata = { correlationId: newId(), actor: `operator:${callerOf(request).subject}` };
    const { rejected } = await sessions.execute(
      sessionId,
      () => ({ type: 'RetrySession', now: now() }),
      metadata,
    );
    if (rejected !== undefined) throw problemOf(rejected);
  }
  return router;
}

/** Loudness is ten numbers a second: of no use here. */
function factsOf({ data }: RecordingEvent): object {
  const { at: _at, levels: _levels, ...facts } = data as Record<string, unknown>;
  return facts;
}

function idOf(kind: 'step' | 'consumer', of: string, stream: string | StepName): string {
  return Buffer.from(JSON.stringify([kind, of, stream])).toString('base64url');
}

const Name = z.string().regex(/^\P{Cc}+$/u);
const Parts = z.union([
  z.tuple([z.literal('step'), z.uuid(), z.enum(STEPS)]),
  z.tuple([z.literal('consumer'), Name, Name]),
]);

function partsOf(id: string): z.output<typeof Parts> {
  try {
    return Parts.parse(JSON.parse(Buffer.from(id, 'base64url').toString('utf8')));
  } catch {
    throw deadLetterUnknown();
  }
}

function deadLetterUnknown(): Problem {
  return new Problem(404, 'dead_letter_not_found', 'there is no such dead letter');
}
