/** Sessions as those who run the service look for them. Built by a consumer: may be a moment behind the log. */
import type { StepName, Strategy } from '../recording/events.ts';
import type { SessionListRow, SessionState } from '../recording/session-row.ts';

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
