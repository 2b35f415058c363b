/**
 * What can have happened to one rollout: the events of the stream `rollout-<flag>`. They say what is wanted, by whom and
 * why, and what was found in the flag server. Every event says `at`: ISO 8601 UTC, the clock of the node that decided it.
 */
import type { RolloutPlan } from './plan.ts';

export type Mover = {
  /** A person; the autopilot, by the plan's rules; or the system, at the first start. */
  readonly by: 'person' | 'autopilot' | 'system';
  /** `operator:<subject>`, `system:autopilot` or `system:start`. */
  readonly actor: string;
  readonly reason: string;
};

/** The guardrails that say that chunked is worse; the sample ratio says that the comparison itself is broken. */
export const GUARDRAILS = ['failure', 'slow'] as const;
export type GuardrailName = (typeof GUARDRAILS)[number];

/** What a test had seen when it spoke. */
export type BreachEvidence = {
  readonly eValue: number;
  /** 1/alpha. */
  readonly threshold: number;
  /** Users that count, those of them in the chunked arm, and how many that would be by the shares alone. */
  readonly total: number;
  readonly chunked: number;
  readonly expectedChunked: number;
  /** When the session event happened that decided it. */
  readonly decidedAt: string;
};

type At = { readonly at: string };

export type RolloutPlanned = {
  readonly type: 'RolloutPlanned';
  readonly data: At & Mover & { readonly flag: string; readonly plan: RolloutPlan };
};
export type StageEntered = {
  readonly type: 'StageEntered';
  readonly data: At &
    Mover & {
      readonly percent: number;
      /** Raised by the first stage after a rollback: evidence begins anew. */
      readonly attempt: number;
      /** Stages of the plan that were left out on the way up. */
      readonly skipped: readonly number[];
    };
};
export type RolloutPaused = { readonly type: 'RolloutPaused'; readonly data: At & Mover };
export type RolloutResumed = { readonly type: 'RolloutResumed'; readonly data: At & Mover };
export type AutopilotSet = {
  readonly type: 'AutopilotSet';
  readonly data: At & Mover & { readonly enabled: boolean };
};
export type SampleRatioMismatchDetected = {
  readonly type: 'SampleRatioMismatchDetected';
  readonly data: At & { readonly attempt: number; readonly evidence: BreachEvidence };
};
export type GuardrailBreached = {
  readonly type: 'GuardrailBreached';
  readonly data: At & {
    readonly metric: GuardrailName;
    readonly attempt: number;
    readonly evidence: BreachEvidence;
  };
};
export type RolledBack = {
  readonly type: 'RolledBack';
  readonly data: At & Mover & { readonly fromPercent: number };
};
export type RolloutCompleted = { readonly type: 'RolloutCompleted'; readonly data: At & Mover };
/** The flag server was read: what is wanted is in force. */
export type FlagSynced = { readonly type: 'FlagSynced'; readonly data: At & { readonly percent: number } };
/** The flag server could not be moved; told once for each reason. */
export type FlagSyncFailed = {
  readonly type: 'FlagSyncFailed';
  readonly data: At & { readonly percent: number; readonly code: string; readonly message: string };
};
/** Somebody moved the flag in the flag server's own pages. */
export type FlagDriftDetected = {
  readonly type: 'FlagDriftDetected';
  readonly data: At & {
    readonly expectedPercent: number;
    /** Null when there is no strategy that has one. */
    readonly actualPercent: number | null;
    readonly enabled: boolean;
    /** Codes of flags/flag-control.ts. */
    readonly problems: readonly string[];
  };
};

export type RolloutEvent =
  | RolloutPlanned
  | StageEntered
  | RolloutPaused
  | RolloutResumed
  | AutopilotSet
  | SampleRatioMismatchDetected
  | GuardrailBreached
  | RolledBack
  | RolloutCompleted
  | FlagSynced
  | FlagSyncFailed
  | FlagDriftDetected;

export type RolloutEventType = RolloutEvent['type'];

/** The stream of a flag's rollout. */
export function rolloutStream(flag: string): string {
  return `rollout-${flag}`;
}
