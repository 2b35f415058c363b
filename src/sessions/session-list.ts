/** Sessions as those who run the service look for them. Built by a consumer: may be a moment behind the log. */
import type { SessionKind, StepName, Strategy } from '../recording/events.ts';

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

export type SessionQuery = {
  readonly state?: SessionState;
  readonly variant?: Strategy;
  /** Only unfinished ones that should have ended or been sealed by `now`. */
  readonly stuck?: boolean;
  readonly dead?: boolean;
  readonly limit: number;
  /** The last row of the page before. */
  readonly before?: { readonly createdAt: string; readonly sessionId: string };
};

/** What the gauges show, in one look. */
export type SessionCounts = {
  /** ISO 8601; null when there is none. */
  readonly oldest: Readonly<Record<'recording' | 'processing', string | null>>;
  readonly stuck: number;
  /** Dead letters by the step that was given up. */
  readonly deadLetters: Readonly<Partial<Record<StepName, number>>>;
};

export interface SessionList {
  /** Newest first. */
  page(query: SessionQuery, now: string): Promise<SessionListRow[]>;
  counts(now: string): Promise<SessionCounts>;
}
