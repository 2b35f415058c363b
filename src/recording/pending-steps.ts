import type { StepName } from './events.ts';
import { PARAGRAPHS } from './paragraphs/split-paragraphs.ts';
import { partOf } from './parts.ts';
import { isOptional, type PartedStep, type Session } from './session.ts';
import { heardSoFar, isWindowed, windowsOf } from './session-windows.ts';

export type PendingStep = {
  readonly step: StepName;
  readonly generation: number;
  /** 1 for the first. Together with step, part and generation it names the job: dispatching twice enqueues once. */
  readonly attempt: number;
  /** The window or paragraph; absent for the step as a whole. */
  readonly part?: number;
  /** Not before this time (a retry's backoff). */
  readonly notBefore?: string;
};

/** After an outage a long recording has many windows to be heard: so many at once, that it leaves room for others. */
const WINDOWS_AT_ONCE = 6;

/**
 * What each step waits for. Steps that don't wait for one another run at once.
 * A new step is one line here, one event, one branch in `evolve` and one file in `steps/`.
 */
const NEEDED: Readonly<Record<StepName, (session: Session) => boolean>> = {
  merge: (s) => s.upload !== undefined,
  transcribe: (s) =>
    isWindowed(s) ? s.upload !== undefined && unheard(s).length === 0 : s.merged !== undefined,
  'describe-images': (s) => (s.upload?.images.length ?? 0) > 0,
  polish: (s) => s.transcript !== undefined && imagesSettled(s) && hasSomethingToSay(s),
  emotion: (s) => wasHeard(s),
  feedback: (s) => wasHeard(s),
};

/** The steps and parts whose turn has come and that have no result yet, in the catalogue's order. */
export function pendingSteps(session: Session): PendingStep[] {
  if (session.phase === 'recording') return pendingParts(session);
  if (session.phase !== 'processing' && session.phase !== 'completed') return [];
  const pending: PendingStep[] = pendingParts(session);
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

function pendingParts(session: Session): PendingStep[] {
  if (session.phase === 'completed' || session.transcript !== undefined) return [];
  const windows = unheard(session).slice(0, WINDOWS_AT_ONCE);
  return [
    ...windows.flatMap((window) => pendingPart(session, 'transcribe', window)),
    ...nextParagraph(session).flatMap((paragraph) => pendingPart(session, 'polish', paragraph)),
  ];
}

function pendingPart(session: Session, step: PartedStep, part: number): PendingStep[] {
  const { generation, outcome } = session.steps[step];
  const { outcome: ofPart, attempts, retryAt } = partOf(session, step, part);
  if (outcome !== 'open' || ofPart !== 'open') return [];
  const notBefore = retryAt === undefined ? {} : { notBefore: retryAt };
  return [{ step, generation, attempt: attempts + 1, part, ...notBefore }];
}

/** Windows of what has arrived that have no result. Nothing is asked about silence. */
function unheard(session: Session): number[] {
  return windowsOf(session).flatMap(({ index, isSilent }) =>
    isSilent || session.windows.has(index) ? [] : [index],
  );
}

/**
 * The next paragraph to be written before the end: when more has been understood without a hole than a paragraph can be
 * long, so that one is certain to be finished. The rest is written when all of it is understood.
 */
function nextParagraph(session: Session): number[] {
  // What is being written at stop is waited for as long as the tail is being heard: then it is there, or written anew.
  if (session.phase !== 'recording' && unheard(session).length === 0) return [];
  let settled = 0;
  for (const { units } of heardSoFar(session)) settled += units;
  let written = 0;
  for (const { units } of session.paragraphs.values()) written += units;
  return settled - written >= SURELY_A_PARAGRAPH ? [session.paragraphs.size] : [];
}
/** Units; a paragraph is shorter, and of the last window a few words may still change. */
const SURELY_A_PARAGRAPH = PARAGRAPHS.maxWords + 20;

function imagesSettled(session: Session): boolean {
  return !NEEDED['describe-images'](session) || session.steps['describe-images'].outcome !== 'open';
}

function wasHeard(session: Session): boolean {
  return (session.transcript?.characters ?? 0) > 0;
}

function hasSomethingToSay(session: Session): boolean {
  return wasHeard(session) || session.imageDescriptions !== undefined;
}
