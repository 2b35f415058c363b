/** The shapes of `/admin`; see schemas.ts. */
import { z } from 'zod';
import { STEPS } from '../recording/events.ts';
import { SESSION_STATES } from '../recording/session-row.ts';

const Instant = z.iso.datetime({ offset: true });
const Variant = z.enum(['chunked', 'single']);
const Step = z.enum(STEPS);
const Cursor = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+$/, 'the `next` of an earlier page');

/** In a query: `true` or `false` (or as people write them: `yes`, `0`). */
const Flag = (description: string) =>
  z
    .stringbool()
    .optional()
    .meta({ description, override: { type: 'string', enum: ['true', 'false'] } });

export const SessionsQuery = z.object({
  state: z.enum(SESSION_STATES).optional(),
  variant: Variant.optional(),
  stuck: Flag('Only unfinished ones past their deadline.'),
  dead: Flag('Only those with a step that was given up.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: Cursor.optional(),
});

const SessionRow = z.object({
  sessionId: z.uuid(),
  userId: z.string(),
  variant: Variant,
  strategy: Variant,
  reason: z.string(),
  kind: z.string(),
  mimeType: z.string(),
  state: z.enum(SESSION_STATES),
  createdAt: Instant,
  changedAt: Instant,
  uploadedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  sealedBy: z.enum(['client', 'server']).nullable(),
  fellBack: z.boolean(),
  failedAttempts: z.number().int(),
  deadSteps: z.partialRecord(Step, z.string()),
  isDeadLetter: z.boolean(),
  failure: z.object({ code: z.string(), step: Step, retriable: z.boolean() }).nullable(),
  gapMs: z.number(),
});
export const SessionsAnswer = z
  .object({ sessions: z.array(SessionRow), next: z.string().nullable() })
  .meta({ id: 'AdminSessions' });

export const TimelineAnswer = z
  .object({
    sessionId: z.uuid(),
    state: z.string(),
    assignment: z.object({ flag: z.string(), variant: Variant, percent: z.number(), reason: z.string() }),
    spans: z.array(
      z.object({
        name: z.string(),
        startedAt: Instant,
        endedAt: Instant.nullable(),
        outcome: z.enum(['open', 'done', 'failed', 'stopped']),
        failedAttempts: z.number().int(),
      }),
    ),
    events: z.array(
      z.object({
        version: z.number().int(),
        type: z.string(),
        at: Instant,
        recordedAt: Instant,
        actor: z.string(),
        traceId: z.string().nullable(),
        facts: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .meta({ id: 'Timeline' });

export const DeadLettersQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: Cursor.optional(),
});
const DeadLetter = z.object({
  id: z.string(),
  kind: z.enum(['step', 'consumer']),
  /** The session, or the stream that a consumer passes over. */
  sessionId: z.string().nullable(),
  stream: z.string(),
  /** The step, or the consumer. */
  of: z.string(),
  code: z.string(),
  message: z.string().nullable(),
  since: Instant,
  requeued: z.boolean(),
});
export const DeadLettersAnswer = z
  .object({ deadLetters: z.array(DeadLetter), next: z.string().nullable() })
  .meta({ id: 'DeadLetters' });
export const DeadLetterParams = z.object({
  id: z
    .string()
    .max(600)
    .regex(/^[A-Za-z0-9_-]+$/, 'an id of /admin/dead-letters'),
});
export const RequeuedAnswer = z.object({ requeued: z.number().int() }).meta({ id: 'Requeued' });

export const ConsumersAnswer = z
  .object({
    consumers: z.array(
      z.object({
        name: z.string(),
        lagEvents: z.number().int(),
        lagSeconds: z.number(),
        parkedStreams: z.number().int(),
        partitions: z.number().int(),
        partitionsLed: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'Consumers' });
