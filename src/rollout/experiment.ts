/** What the experiment shows, computed from its projection: the answer of `GET /experiments/:flag`. */
import type { TestName } from './policy.ts';
import type { Arm } from './statistics/bucket.ts';
import type { Interval } from './statistics/interval.ts';

export const TIMES = ['totalMs', 'uploadWaitMs', 'processingMs'] as const;
export type TimeName = (typeof TIMES)[number];

/** Milliseconds; null when there is none yet. */
export type Quantiles = {
  readonly count: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
} | null;

export type ArmView = {
  readonly users: number;
  readonly sessions: number;
  readonly open: number;
  readonly completed: number;
  readonly failed: number;
  readonly expired: number;
  readonly slow: number;
  readonly fellBack: number;
  readonly completionRate: number | null;
  readonly failureRate: number | null;
  readonly slowRate: number | null;
} & { readonly [time in TimeName]: Quantiles };

export type Comparison = {
  readonly arms: Readonly<Record<Arm, ArmView>>;
  /** Chunked divided by single; null while there is too little. */
  readonly ratios: Readonly<Record<'failure' | 'slow' | TimeName, Interval | null>>;
  readonly eValues: Readonly<Record<TestName, number>>;
};

export type StageView = Comparison & {
  readonly stage: number;
  readonly attempt: number;
  readonly percent: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly origin: 'rollout' | 'drift';
};

export type GuardrailView = {
  readonly alpha: number;
  readonly threshold: number;
  readonly eValue: number;
  readonly peak: number;
  readonly state: 'quiet' | 'watch' | 'breached';
  readonly breachedAt: string | null;
  readonly counted: { readonly total: number; readonly chunked: number; readonly expectedChunked: number };
};

export type Verdict = {
  readonly about: TestName | TimeName;
  readonly level: 'good' | 'bad' | 'open';
  readonly text: string;
};

export type TimelinePoint = Readonly<Record<TestName, number>> & { readonly at: string };

export type ExperimentView = {
  readonly flag: string;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly asOf: string | null;
  readonly total: Comparison;
  readonly stages: readonly StageView[];
  readonly internal: {
    readonly users: number;
    readonly sessions: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly excluded: number;
  readonly guardrails: Readonly<Record<TestName, GuardrailView>>;
  readonly timeline: readonly TimelinePoint[];
  readonly verdicts: readonly Verdict[];
};
