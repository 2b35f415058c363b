/** What of the answers of `/rollouts` and `/experiments` is used here; a client ignores what it does not know. */
import { z } from 'zod';

const Percent = z.number().nullable();

export const Rollout = z.object({
  state: z.enum(['running', 'paused', 'rolled-back', 'completed']),
  percent: z.number(),
  autopilot: z.object({ enabled: z.boolean() }),
  effect: z.object({
    state: z.enum(['in-force', 'pending', 'drifted', 'failing', 'unknown']),
    percent: Percent,
    error: z.object({ message: z.string() }).nullable(),
  }),
  moves: z.number(),
  /** Newest first. */
  history: z.array(
    z.object({
      at: z.string(),
      type: z.string(),
      text: z.string(),
      by: z.string(),
      actor: z.string(),
      reason: z.string().nullable(),
    }),
  ),
});
export type Rollout = z.output<typeof Rollout>;
export type HistoryItem = Rollout['history'][number];

const Quantiles = z.object({ p50: z.number(), p95: z.number() }).nullable();

const Arm = z.object({
  users: z.number(),
  sessions: z.number(),
  open: z.number(),
  completed: z.number(),
  failed: z.number(),
  expired: z.number(),
  slow: z.number(),
  failureRate: Percent,
  uploadWaitMs: Quantiles,
  totalMs: Quantiles,
});
const Arms = z.object({ chunked: Arm, single: Arm });
export type ExperimentArm = z.output<typeof Arm>;

const Guardrail = z.object({
  threshold: z.number(),
  eValue: z.number(),
  peak: z.number(),
  state: z.string(),
});

export const Experiment = z.object({
  total: z.object({ arms: Arms }),
  stages: z.array(z.object({ stage: z.number(), attempt: z.number(), percent: z.number(), arms: Arms })),
  excluded: z.number(),
  guardrails: z.object({ failure: Guardrail, slow: Guardrail, sampleRatio: Guardrail }),
  verdicts: z.array(z.object({ level: z.string(), text: z.string() })),
});
export type Experiment = z.output<typeof Experiment>;
