/** What `/rollouts/:flag` and `/experiments/:flag` answer (`/openapi.json`: Rollout, Experiment). Times are ISO 8601. */

export type RolloutState = 'planned' | 'running' | 'paused' | 'rolled-back' | 'completed';

/** Who moved it: somebody, the autopilot, or the house itself (what it saw and did in Unleash). */
export type MovedBy = 'person' | 'autopilot' | 'system';

export type PlannedStage = {
  readonly percent: number;
  readonly minimumMs: number;
  /** Of the chunked arm, that have ended in it. */
  readonly minimumSessions: number;
};

export type RolloutPlan = {
  readonly stages: readonly PlannedStage[];
  readonly alphas: Readonly<Record<'failure' | 'slow' | 'sampleRatio' | 'gain', number>>;
  /** From stop to the entry; a session that took longer is slow. */
  readonly slowMs: number;
};

export type HistoryItem = {
  readonly at: string;
  readonly type:
    | 'RolloutPlanned'
    | 'StageEntered'
    | 'RolloutPaused'
    | 'RolloutResumed'
    | 'AutopilotSet'
    | 'SampleRatioMismatchDetected'
    | 'GuardrailBreached'
    | 'RolledBack'
    | 'RolloutCompleted'
    | 'FlagSynced'
    | 'FlagSyncFailed'
    | 'FlagDriftDetected';
  readonly text: string;
  readonly percent: number | null;
  readonly by: MovedBy;
  /** `operator:<subject>`, `system:autopilot`, … */
  readonly actor: string;
  readonly reason: string | null;
};

/** What is in force in Unleash, as far as is known. */
export type FlagEffect = {
  readonly state: 'in-force' | 'pending' | 'drifted' | 'failing' | 'unknown';
  readonly percent: number | null;
  readonly enabled: boolean | null;
  /** Codes, such as `segment_missing`. */
  readonly problems: readonly string[];
  readonly checkedAt: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};

export type AutopilotDecision = 'hold' | 'advance' | 'complete' | 'pause' | 'roll-back';

export type RolloutAnswer = {
  readonly flag: string;
  readonly state: RolloutState;
  /** What is wanted; `effect` says what is in force. */
  readonly percent: number;
  readonly stage: {
    readonly enteredAt: string;
    readonly by: MovedBy;
    readonly actor: string;
    readonly reason: string;
  };
  /** The next stage of the plan. */
  readonly next: number | null;
  readonly plan: RolloutPlan;
  readonly attempt: number;
  readonly autopilot: {
    readonly enabled: boolean;
    /** What it would do now, also when it is off. */
    readonly decision: AutopilotDecision;
    readonly waitingFor: readonly string[];
  };
  readonly effect: FlagEffect;
  /** Counts the moves; goes back to the server as If-Match. */
  readonly moves: number;
  /** Newest first. */
  readonly history: readonly HistoryItem[];
  readonly links: { readonly unleash: string | null; readonly dashboard: string | null };
};

/** Milliseconds; null when there is none yet. */
export type Quantiles = Readonly<Record<'count' | 'p50' | 'p75' | 'p90' | 'p95' | 'p99', number>> | null;

export type Arm = {
  readonly users: number;
  readonly sessions: number;
  readonly open: number;
  readonly completed: number;
  readonly failed: number;
  readonly expired: number;
  readonly slow: number;
  readonly fellBack: number;
  /** Of those that ended; null when none has. Failures are failed and expired ones. */
  readonly completionRate: number | null;
  readonly failureRate: number | null;
  readonly slowRate: number | null;
  readonly uploadWaitMs: Quantiles;
  readonly processingMs: Quantiles;
  readonly totalMs: Quantiles;
};

export type ArmName = 'chunked' | 'single';

/** Chunked divided by single; null while there is too little. */
export type Interval = { readonly estimate: number; readonly low: number; readonly high: number } | null;

export type RatioName = 'failure' | 'slow' | 'totalMs' | 'uploadWaitMs' | 'processingMs';

export type GuardrailName = 'failure' | 'slow' | 'sampleRatio';

export type Comparison = {
  readonly arms: Readonly<Record<ArmName, Arm>>;
  readonly ratios: Readonly<Record<RatioName, Interval>>;
  readonly eValues: Readonly<Record<GuardrailName, number>>;
};

export type Guardrail = {
  readonly alpha: number;
  /** It has spoken when the e-value was ever as high. */
  readonly threshold: number;
  readonly eValue: number;
  /** The highest it has been in this attempt. */
  readonly peak: number;
  readonly state: 'quiet' | 'watch' | 'breached';
  readonly breachedAt: string | null;
  readonly counted: { readonly total: number; readonly chunked: number; readonly expectedChunked: number };
};

export type StageComparison = Comparison & {
  readonly stage: number;
  readonly attempt: number;
  readonly percent: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly origin: 'rollout' | 'drift';
};

export type Verdict = {
  readonly about: GuardrailName | RatioName;
  readonly level: 'good' | 'bad' | 'open';
  readonly text: string;
};

export type ExperimentAnswer = {
  readonly flag: string;
  /** Evidence begins anew with the first stage after a rollback. */
  readonly attempt: number;
  readonly startedAt: string | null;
  /** When the newest session event that is counted here happened. */
  readonly asOf: string | null;
  readonly total: Comparison;
  readonly stages: readonly StageComparison[];
  readonly internal: Readonly<Record<'users' | 'sessions' | 'completed' | 'failed', number>>;
  /** Sessions with no part in it: the flag was off or unknown, or the rollout stood at 0 or 100 %. */
  readonly excluded: number;
  readonly guardrails: Readonly<Record<GuardrailName, Guardrail>>;
  /** In this attempt, oldest first. */
  readonly timeline: readonly ({ readonly at: string } & Readonly<Record<GuardrailName, number>>)[];
  readonly verdicts: readonly Verdict[];
};

/** What a release manager can do; each with a reason. */
export type Move =
  | { readonly kind: 'percent'; readonly percent: number }
  | { readonly kind: 'pause' | 'resume' | 'rollback' | 'complete' }
  | { readonly kind: 'autopilot'; readonly enabled: boolean };
