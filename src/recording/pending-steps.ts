import type { StepName } from './events.ts';
import { isOptional, type Session } from './session.ts';

export type PendingStep = {
  readonly step: StepName;
  readonly generation: number;
  /** 1 for the first. Together with step and generation it names the job: dispatching twice enqueues once. */
  readonly attempt: number;
  /** Not before this time (a retry's backoff). */
  readonly notBefore?: string;
};

/**
 * What each step waits for. Steps that don't wait for one another run at once.
 * A new step is one line here, one event, one branch in `evolve` and one file in `steps/`.
 */
const NEEDED: Readonly<Record<StepName, (session: Session) => boolean>> = {
  merge: (s) => s.upload !== undefined,
  transcribe: (s) =>
    s.merged !== undefined || (s.mergeFailed !== undefined && s.segmenting.mode === 'segments'),
  'describe-images': (s) => (s.upload?.images.length ?? 0) > 0,
  polish: (s) => s.transcript !== undefined && imagesSettled(s) && hasSomethingToSay(s),
  emotion: (s) => wasHeard(s),
  feedback: (s) => wasHeard(s),
};

/** The steps whose turn has come and that have no result yet, in the catalogue's order. */
export function pendingSteps(session: Session): PendingStep[] {
  if (session.phase !== 'processing' && session.phase !== 'completed') return [];
  const pending: PendingStep[] = [];
  for (const [step, needed] of Object.entries(NEEDED) as [StepName, (s: Session) => boolean][]) {
    const state = session.steps[step];
    if (state.outcome !== 'open' || !needed(session)) continue;
    if (session.phase === 'completed' && !isOptional(step)) continue;
    const notBefore = state.retryAt === undefined ? {} : { notBefore: state.retryAt };
    pending.push({ step, generation: state.generation, attempt: state.attempts + 1, ...notBefore });
  }
  return pending;
}

/** Whether nothing is left to do: the transcript is there and every step has ended or will never be needed. */
export function isFinished(session: Session): boolean {
  return session.transcript !== undefined && pendingSteps(session).length === 0;
}

function imagesSettled(session: Session): boolean {
  return !NEEDED['describe-images'](session) || session.steps['describe-images'].outcome !== 'open';
}

function wasHeard(session: Session): boolean {
  return (session.transcript?.characters ?? 0) > 0;
}

function hasSomethingToSay(session: Session): boolean {
  return wasHeard(session) || session.imageDescriptions !== undefined;
}
