/** What `/admin` answers (`/openapi.json`: AdminSessions, Timeline, DeadLetters, Consumers, Projections, Provider, Nodes). Times are ISO 8601. */
import type { ArmName } from '../console/api-types.ts';

export const SESSION_STATES = ['recording', 'processing', 'completed', 'failed', 'expired'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export type StepName = 'merge' | 'transcribe' | 'describe-images' | 'polish' | 'emotion' | 'feedback';

export type SessionRow = {
  readonly sessionId: string;
  /** Pseudonymous. */
  readonly userId: string;
  /** As assigned; `strategy` is how the recording goes up now. */
  readonly variant: ArmName;
  readonly strategy: ArmName;
  readonly reason: string;
  readonly kind: string;
  readonly mimeType: string;
  readonly state: SessionState;
  readonly createdAt: string;
  readonly changedAt: string;
  readonly uploadedAt: string | null;
  readonly endedAt: string | null;
  readonly sealedBy: 'client' | 'server' | null;
  readonly fellBack: boolean;
  readonly failedAttempts: number;
  /** Steps that were given up, with their codes. */
  readonly deadSteps: Readonly<Partial<Record<StepName, string>>>;
  readonly isDeadLetter: boolean;
  readonly failure: { readonly code: string; readonly step: StepName; readonly retriable: boolean } | null;
  /** Milliseconds of the recording that were not transcribed. */
  readonly gapMs: number;
};

export type SessionsAnswer = { readonly sessions: readonly SessionRow[]; readonly next: string | null };

export type TimelineSpan = {
  readonly name: 'recording' | StepName;
  readonly startedAt: string;
  /** Null while it goes on. */
  readonly endedAt: string | null;
  readonly outcome: 'open' | 'done' | 'failed' | 'stopped';
  readonly failedAttempts: number;
};

export type TimelineEvent = {
  readonly version: number;
  readonly type: string;
  readonly at: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly traceId: string | null;
  /** References and numbers; never speech or text. */
  readonly facts: Readonly<Record<string, unknown>>;
};

export type Timeline = {
  readonly sessionId: string;
  readonly state: SessionState | 'erased';
  readonly assignment: {
    readonly flag: string;
    readonly variant: ArmName;
    readonly percent: number;
    readonly reason: string;
  };
  readonly spans: readonly TimelineSpan[];
  readonly events: readonly TimelineEvent[];
};

export type DeadLetter = {
  readonly id: string;
  readonly kind: 'step' | 'consumer';
  readonly sessionId: string | null;
  readonly stream: string;
  /** The step, or the consumer. */
  readonly of: string;
  readonly code: string;
  readonly message: string | null;
  readonly since: string;
  /** Put back, and not yet done. */
  readonly requeued: boolean;
};

export type DeadLettersAnswer = { readonly deadLetters: readonly DeadLetter[]; readonly next: string | null };

export type Consumer = {
  readonly name: string;
  /** Counted up to 10,000. */
  readonly lagEvents: number;
  readonly lagSeconds: number;
  readonly parkedStreams: number;
  /** In how many it is split, and how many of them a node leads now; an older node does not tell. */
  readonly partitions?: number;
  readonly partitionsLed?: number;
};
export type ConsumersAnswer = { readonly consumers: readonly Consumer[] };

export type ProviderCalls = {
  /** Ended; what the breaker turned away did not go out, and is not among them. */
  readonly calls: number;
  readonly failures: number;
  /** Of those that were answered. */
  readonly p50Seconds: number | null;
  readonly p95Seconds: number | null;
};

export type ProviderOperation = {
  readonly operation:
    | 'transcribe'
    | 'polish'
    | 'polish-paragraph'
    | 'title'
    | 'emotion'
    | 'feedback'
    | 'describe-image';
  readonly inFlight: number;
  readonly last5Minutes: ProviderCalls;
  readonly last60Minutes: ProviderCalls;
  readonly lastFailure: { readonly code: string; readonly at: string } | null;
};

export type ProviderAnswer = {
  /** Whose view this is: host and port. */
  readonly node: string;
  readonly kind: 'openai' | 'sandbox';
  readonly host: string;
  /** Of the node: it knows nothing of what was before. */
  readonly startedAt: string;
  readonly breaker: { readonly state: 'closed' | 'open' | 'half_open'; readonly since: string };
  /** Calls that wait for their turn. */
  readonly waiting: number;
  readonly operations: readonly ProviderOperation[];
  readonly policy: {
    readonly retry: {
      readonly tries: number;
      readonly firstDelaySeconds: number;
      readonly maxDelaySeconds: number;
      readonly patienceSeconds: number;
    };
    readonly breaker: { readonly failures: number; readonly openSeconds: number };
    readonly atOnce: number;
    readonly mayWait: number;
    readonly timeouts: {
      readonly transcribe: { readonly baseSeconds: number; readonly perMebibyteSeconds: number };
      readonly chat: { readonly baseSeconds: number; readonly perThousandCharactersSeconds: number };
      readonly describeImageSeconds: number;
    };
  };
};

export type ProjectionBuilding = {
  readonly generation: number;
  /** `blocked`: it passes over streams that the live one shows. */
  readonly state: 'building' | 'blocked';
  readonly parkedStreams: number;
  readonly eventsDone: number;
  readonly eventsTotal: number;
  /** 0–100 */
  readonly percent: number;
  readonly since: string;
  /** Null while it cannot be known. */
  readonly eta: string | null;
  readonly requestedBy: string;
};
export type ProjectionRow = {
  readonly name: string;
  /** Of the code. */
  readonly version: number;
  /** What readers read. */
  readonly live: {
    readonly generation: number;
    readonly version: number;
    readonly swappedAt: string | null;
  } | null;
  readonly building: ProjectionBuilding | null;
};
export type ProjectionsAnswer = { readonly projections: readonly ProjectionRow[] };
export type RebuildAnswer = {
  readonly name: string;
  readonly generation: number;
  readonly state: 'building' | 'cancelled';
};

export type NodesAnswer = {
  /** Who answers. */
  readonly node: string;
  readonly nodes: readonly {
    /** Host and port. */
    readonly name: string;
    readonly role: string;
    readonly version: string;
    readonly startedAt: string;
    readonly beatAt: string;
    /** Settings that it announces to be changed. */
    readonly changing: readonly string[];
  }[];
  readonly areAll: boolean;
  readonly differences: readonly {
    /** The variable; never a value. */
    readonly setting: string;
    readonly change: 'stopped' | 'announced' | 'freely';
    /** Those with the same value stand together. */
    readonly groups: readonly (readonly string[])[];
  }[];
};

export type RequeuedAnswer = { readonly requeued: number };
