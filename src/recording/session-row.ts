/** One session as those who run the service look for it. */
import type { SessionKind, StepName, Strategy } from './events.ts';

export const SESSION_STATES = ['recording', 'processing', 'completed', 'failed', 'expired'] as const;
export type SessionState = (typeof SESSION_STATES)[number];

export type SessionListRow = {
  readonly sessionId: string;
  /** Pseudonymous. */
  readonly userId: string;
  /** As assigned; `strategy` is how the recording goes up now. */
  readonly variant: Strategy;
  readonly strategy: Strategy;
  readonly reason: string;
  readonly kind: SessionKind;
  readonly mimeType: string;
  readonly state: SessionState;
  readonly createdAt: string;
  /** The newest event; while chunks arrive, at most a minute old. */
  readonly changedAt: string;
  readonly uploadedAt: string | null;
  readonly endedAt: string | null;
  readonly sealedBy: 'client' | 'server' | null;
  readonly fellBack: boolean;
  readonly failedAttempts: number;
  /** Steps that were given up, with their codes. */
  readonly deadSteps: Readonly<Partial<Record<StepName, string>>>;
  /** One that trying again may mend. */
  readonly isDeadLetter: boolean;
  readonly failure: { readonly code: string; readonly step: StepName; readonly retriable: boolean } | null;
  readonly gapMs: number;
};
