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
import type { ArrivingAudio } from './arriving-audio.ts';

export type StepContext = {
  readonly session: Session;
  readonly generation: number;
  /** The window or paragraph to be worked on; absent for the step as a whole. */
  readonly part?: number;
  readonly objects: ObjectStore;
  readonly texts: Texts;
  readonly ai: Ai;
  readonly media: Media;
  readonly audio: ArrivingAudio;
  readonly limits: RecordingLimits;
  /** Aborted when the node stops, and when nobody waits for the result any more. */
  readonly signal: AbortSignal;
  /** ISO 8601, UTC. */
  readonly now: () => string;
};

export type Step = (context: StepContext) => Promise<StepResult[]>;
