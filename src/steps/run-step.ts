/**
 * Runs one attempt of one step of one session, and writes down how it went.
 *
 * Nothing is remembered here: whether the attempt is still wanted is read from the stream before, and decided again
 * by `decide` after. So a job that runs twice, late or on two nodes records its result once.
 */
import { onBehalfOf } from '../ai/on-behalf-of.ts';
import { EventLogUnavailable, type EventMetadata, WrongExpectedVersion } from '../eventlog/event-log.ts';
import { defined } from '../recording/defined.ts';
import type { RecordingEvent, StepName, Strategy } from '../recording/events.ts';
import { pendingSteps } from '../recording/pending-steps.ts';
import type { SessionChanges } from '../sessions/changes.ts';
import { deleteSessionObjects } from '../sessions/session-objects.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { RunningSpan, Tracing } from '../telemetry/tracing.ts';
import { describeImages } from './describe-images.ts';
import { emotion } from './emotion.ts';
import { feedback } from './feedback.ts';
import { merge } from './merge.ts';
import { polish } from './polish.ts';
import type { Step, StepContext } from './step.ts';
import { toStepError } from './step-error.ts';
import { transcribe } from './transcribe.ts';
import { NoLongerWanted, whileWanted } from './while-wanted.ts';

const STEP_FUNCTIONS: Readonly<Record<StepName, Step>> = {
  merge,
  transcribe,
  'describe-images': describeImages,
  polish,
  emotion,
  feedback,
};

/** One attempt: what a job of the queue carries. */
export type StepRun = {
  readonly sessionId: string;
  readonly step: StepName;
  readonly generation: number;
  readonly attempt: number;
  /** The window or paragraph; absent for the step as a whole. */
  readonly part?: number;
};

export type StepParts = Omit<StepContext, 'session' | 'generation' | 'part' | 'signal'> & {
  readonly sessions: Sessions;
  readonly changes: Pick<SessionChanges, 'listen'>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  readonly tracing: Tracing;
  /** Told of each attempt: for logs and metrics. */
  readonly onAttempt: (run: StepRun, outcome: AttemptOutcome) => void;
};

export type AttemptOutcome =
  | { readonly result: 'done'; readonly milliseconds: number }
  | {
      readonly result: 'unwanted';
      readonly milliseconds: number;
      /** The work was begun, and in vain: of a session of this arm. */
      readonly inVain?: Strategy;
    }
  | {
      readonly result: 'failed';
      readonly milliseconds: number;
      readonly code: string;
      readonly error: unknown;
    };

/** @throws what the event log throws: the attempt then has no outcome and must be run again. */
export function runStep(
  run: StepRun,
  parts: StepParts,
  signal: AbortSignal,
): Promise<readonly RecordingEvent[]> {
  const { sessionId, step, generation, attempt, part } = run;
  const ofPart = defined({ 'step.part': part });
  const attributes = { 'step.generation': generation, 'step.attempt': attempt, ...ofPart };
  return parts.tracing.span(`step ${step}`, { sessionId, kind: 'consumer', attributes }, (span) =>
    attemptStep(run, parts, signal, span),
  );
}

async function attemptStep(
  run: StepRun,
  parts: StepParts,
  signal: AbortSignal,
  span: RunningSpan,
): Promise<readonly RecordingEvent[]> {
  const { sessions, changes, onAttempt, random, now, tracing } = parts;
  const { sessionId, step, generation, attempt, part } = run;
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const awaited = async () => {
    const { session } = await sessions.load(sessionId);
    const pending = session === null ? [] : pendingSteps(session);
    const found = pending.find((p) => p.step === step && p.generation === generation && p.part === part);
    return { session, attempt: found?.attempt };
  };
  const { session, attempt: next } = await awaited();
  if (session === null || next !== attempt) {
    onAttempt(run, { result: 'unwanted', milliseconds: elapsed() });
    return [];
  }
  const inVain = async (): Promise<readonly RecordingEvent[]> => {
    const { variant } = session.assignment;
    // What we wrote came after everything was deleted.
    const isErased = (await sessions.load(sessionId)).session?.phase === 'erased';
    if (isErased) await deleteSessionObjects(parts.objects, sessionId);
    onAttempt(run, { result: 'unwanted', milliseconds: elapsed(), inVain: variant });
    return [];
  };
  const traceparent = tracing.current();
  const metadata: EventMetadata = {
    correlationId: sessionId,
    actor: `step:${step}`,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
  try {
    const which = defined({ part });
    const ai = onBehalfOf(parts.ai, session.userId);
    const isWanted = async () => (await awaited()).attempt !== undefined;
    const results = await whileWanted({ sessionId, changes, isWanted, signal }, (workSignal) =>
      STEP_FUNCTIONS[step]({ ...parts, ai, session, generation, ...which, signal: workSignal }),
    );
    const { events } = await sessions.execute(
      sessionId,
      () => ({ type: 'RecordResult', step, generation, ...which, results, now: now() }),
      metadata,
    );
    if (results.length > 0 && events.length === 0) return await inVain();
    if (events.some(({ type }) => type === 'SessionCompleted')) parts.audio.forget(sessionId);
    // That the chunks could not be joined is a result, and goes on to the fallback; it is no success of the attempt.
    const unjoined = results.find(({ type }) => type === 'MergeFailed');
    if (unjoined === undefined) onAttempt(run, { result: 'done', milliseconds: elapsed() });
    else onAttempt(run, { result: 'failed', milliseconds: elapsed(), code: 'merge_failed', error: null });
    return events;
  } catch (error) {
    if (error instanceof NoLongerWanted) return await inVain();
    // The node is stopping, or the log is away: neither says anything about the step.
    if (signal.aborted || isLogFailure(error)) throw error;
    const stepError = toStepError(error);
    span.failed(stepError.code);
    onAttempt(run, { result: 'failed', milliseconds: elapsed(), code: stepError.code, error });
    const { events } = await sessions.execute(
      sessionId,
      () => ({
        type: 'RecordFailure',
        step,
        generation,
        ...defined({ part }),
        attempt,
        error: stepError,
        random: random(),
        now: now(),
      }),
      metadata,
    );
    return events;
  }
}

function isLogFailure(error: unknown): boolean {
  return error instanceof EventLogUnavailable || error instanceof WrongExpectedVersion;
}
