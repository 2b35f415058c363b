/** The shapes of `/rollouts` and `/experiments`; see schemas.ts. */
import { z } from 'zod';

const Instant = z.iso.datetime({ offset: true });
const FlagName = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9._-]*$/, 'a flag name such as chunked-upload');
export const FlagParams = z.object({ flag: FlagName });

const Reason = z
  .string()
  .trim()
  .min(1, 'say why')
  .max(500)
  .meta({ description: 'Why, for those who read the history.' });

export const PercentBody = z
  .strictObject({ percent: z.number().int().min(0).max(100), reason: Reason })
  .meta({ id: 'MoveRollout', description: '0 is a rollback.' });
export const ReasonBody = z.strictObject({ reason: Reason }).meta({ id: 'Reason' });
export const AutopilotBody = z
  .strictObject({ enabled: z.boolean(), reason: Reason })
  .meta({ id: 'SetAutopilot' });

const Plan = z.object({
  stages: z.array(z.object({ percent: z.number(), minimumMs: z.number(), minimumSessions: z.number() })),
  alphas: z.object({
    failure: z.number(),
    slow: z.number(),
    sampleRatio: z.number(),
    gain: z.number(),
  }),
  slowMs: z.number(),
});

const HistoryItem = z.object({
  at: Instant,
  type: z.enum([
    'RolloutPlanned',
    'StageEntered',
    'RolloutPaused',
    'RolloutResumed',
    'AutopilotSet',
    'SampleRatioMismatchDetected',
    'GuardrailBreached',
    'RolledBack',
    'RolloutCompleted',
    'FlagSynced',
    'FlagSyncFailed',
    'FlagDriftDetected',
  ]),
  /** In plain words. */
  text: z.string(),
  percent: z.number().nullable(),
  by: z.enum(['person', 'autopilot', 'system']),
  actor: z.string(),
  reason: z.string().nullable(),
});

export const RolloutAnswer = z
  .object({
    flag: z.string(),
    state: z.enum(['planned', 'running', 'paused', 'rolled-back', 'completed']),
    percent: z.number().meta({ description: 'What is wanted; `effect` says what is in force.' }),
    stage: z.object({
      enteredAt: Instant,
      by: z.enum(['person', 'autopilot', 'system']),
      actor: z.string(),
      reason: z.string(),
    }),
    next: z.number().nullable().meta({ description: 'The next stage of the plan.' }),
    plan: Plan,
    attempt: z.number().int(),
    autopilot: z.object({
      enabled: z.boolean(),
      /** What it would do now, also when it is off. */
      decision: z.enum(['hold', 'advance', 'complete', 'pause', 'roll-back']),
      /** Why it holds, in plain words; empty when it does not. */
      waitingFor: z.array(z.string()),
    }),
    effect: z.object({
      state: z.enum(['in-force', 'pending', 'drifted', 'failing', 'unknown']),
      percent: z.number().nullable(),
      enabled: z.boolean().nullable(),
      problems: z.array(z.string()),
      checkedAt: Instant.nullable(),
      error: z.object({ code: z.string(), message: z.string() }).nullable(),
    }),
    moves: z.number().int().meta({ description: 'Counts the moves; also the ETag, for If-Match.' }),
    history: z.array(HistoryItem).meta({ description: 'Newest first, at most 200.' }),
    links: z.object({ unleash: z.string().nullable(), dashboard: z.string().nullable() }),
  })
  .meta({ id: 'Rollout' });
export type RolloutAnswer = z.output<typeof RolloutAnswer>;

const Quantiles = z
  .object({
    count: z.number().int(),
    p50: z.number(),
    p75: z.number(),
    p90: z.number(),
    p95: z.number(),
    p99: z.number(),
  })
  .nullable()
  .meta({ description: 'Milliseconds; null when there is none yet.' });

const Arm = z.object({
  users: z.number().int(),
  sessions: z.number().int(),
  /** Not ended yet. */
  open: z.number().int(),
  completed: z.number().int(),
  failed: z.number().int(),
  expired: z.number().int(),
  /** Completed, but not within `plan.slowMs`. */
  slow: z.number().int(),
  /** Of the chunked arm: had to send the whole file instead. */
  fellBack: z.number().int(),
  /** Of those that ended; null when none has. Failures are failed and expired ones. */
  completionRate: z.number().nullable(),
  failureRate: z.number().nullable(),
  slowRate: z.number().nullable(),
  uploadWaitMs: Quantiles,
  processingMs: Quantiles,
  totalMs: Quantiles,
});

const Interval = z.object({ estimate: z.number(), low: z.number(), high: z.number() }).nullable().meta({
  description:
    'Chunked divided by single, with a confidence sequence: it holds whenever one looks. Null while there is too little.',
});

const Comparison = z.object({
  arms: z.object({ chunked: Arm, single: Arm }),
  ratios: z.object({
    failure: Interval,
    slow: Interval,
    /** Of the geometric means. */
    totalMs: Interval,
    uploadWaitMs: Interval,
    processingMs: Interval,
  }),
  eValues: z.object({ failure: z.number(), slow: z.number(), sampleRatio: z.number() }),
});

const Guardrail = z.object({
  alpha: z.number(),
  /** 1/alpha: it has spoken when the e-value was ever as high. */
  threshold: z.number(),
  eValue: z.number(),
  /** The highest it has been in this attempt. */
  peak: z.number(),
  state: z.enum(['quiet', 'watch', 'breached']),
  breachedAt: Instant.nullable(),
  /** Users that count: all, and those of the chunked arm; and how many that would be by the shares alone. */
  counted: z.object({ total: z.number().int(), chunked: z.number().int(), expectedChunked: z.number() }),
});

export const ExperimentAnswer = z
  .object({
    flag: z.string(),
    attempt: z
      .number()
      .int()
      .meta({ description: 'Evidence begins anew with the first stage after a rollback.' }),
    startedAt: Instant.nullable(),
    /** When the newest session event that is counted here happened. */
    asOf: Instant.nullable(),
    total: Comparison,
    stages: z.array(
      Comparison.extend({
        stage: z.number().int(),
        attempt: z.number().int(),
        percent: z.number(),
        startedAt: Instant,
        endedAt: Instant.nullable(),
        origin: z.enum(['rollout', 'drift']),
      }),
    ),
    internal: z.object({
      users: z.number().int(),
      sessions: z.number().int(),
      completed: z.number().int(),
      failed: z.number().int(),
    }),
    /** Sessions with no part in it: the flag was off, or nothing was known of it. */
    excluded: z.number().int(),
    guardrails: z.object({ failure: Guardrail, slow: Guardrail, sampleRatio: Guardrail }),
    /** E-values over time in this attempt, oldest first, thinned to at most 400 points. */
    timeline: z.array(
      z.object({ at: Instant, failure: z.number(), slow: z.number(), sampleRatio: z.number() }),
    ),
    verdicts: z.array(
      z.object({
        about: z.enum(['failure', 'slow', 'sampleRatio', 'totalMs', 'uploadWaitMs', 'processingMs']),
        level: z.enum(['good', 'bad', 'open']),
        text: z.string(),
      }),
    ),
  })
  .meta({ id: 'Experiment' });
export type ExperimentAnswer = z.output<typeof ExperimentAnswer>;
