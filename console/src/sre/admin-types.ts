/** What `/admin` answers (`/openapi.json`: AdminSessions, Timeline, DeadLetters, Consumers). Times are ISO 8601. */
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
  readonly outcome: 'open' | 'done' | 'failed';
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
};
export type ConsumersAnswer = { readonly consumers: readonly Consumer[] };

export type RequeuedAnswer = { readonly requeued: number };
