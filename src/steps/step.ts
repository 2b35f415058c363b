/**
 * A step takes the session's state to the events of its result. It runs at least once: a crash after its objects are
 * written and before its events are appended runs it again, onto the same keys. It throws what went wrong;
 * `step-error.ts` says what that means.
 */
import type { Ai } from '../ai/ai.ts';
import type { Media } from '../media/media.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { StepResult } from '../recording/events.ts';
import type { RecordingLimits } from '../recording/limits.ts';
import type { Session } from '../recording/session.ts';
import type { Texts } from '../sessions/texts.ts';

export type StepContext = {
  readonly session: Session;
  readonly generation: number;
  readonly objects: ObjectStore;
  readonly texts: Texts;
  readonly ai: Ai;
  readonly media: Media;
  readonly limits: RecordingLimits;
  /** Aborted when the node stops. */
  readonly signal: AbortSignal;
  /** ISO 8601, UTC. */
  readonly now: () => string;
};

export type Step = (context: StepContext) => Promise<StepResult[]>;

/** The state says that this step's turn has not come: a programming error, not a failure of the step. */
export class StepNotReady extends Error {
  readonly code = 'step_not_ready';
  constructor(what: string) {
    super(`the session has no ${what} yet`);
    this.name = 'StepNotReady';
  }
}

export function needed<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new StepNotReady(what);
  return value;
}
