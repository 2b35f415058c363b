/** Commands of the processing: a step's results and failures, and a person's retry. */
import type { RecordFailure, RecordResult, RetrySession } from './commands.ts';
import { type Decision, nothing, refuse } from './decision.ts';
import { defined } from './defined.ts';
import {
  type RecordingEvent,
  type SessionCompleted,
  type SessionFailed,
  STEPS,
  type StepName,
} from './events.ts';
import { evolve } from './evolve.ts';
import type { RetryPolicy } from './limits.ts';
import { counted, partOf } from './parts.ts';
import { isFinished, type PendingStep, pendingSteps } from './pending-steps.ts';
import { retryDelay } from './retry-delay.ts';
import { isOptional, type Session } from './session.ts';
import { isWindowed } from './session-windows.ts';

/** At least once, made harmless: a result that is there already, or of a run nobody waits for, is dropped. */
export function decideResult(session: Session, command: RecordResult): Decision {
  if (awaited(session, command) === undefined) return nothing;
  return { events: concluded(session, command.results, command.now) };
}

type Run = Pick<RecordFailure, 'step' | 'generation' | 'part'>;

/** What of this session is waited for that this is a run of. */
function awaited(session: Session, { step, generation, part }: Run): PendingStep | undefined {
  return pendingSteps(session).find(
    (pending) => pending.step === step && pending.generation === generation && pending.part === part,
  );
}

/** The events, and the end of the session when they bring it about. */
function concluded(session: Session, events: readonly RecordingEvent[], at: string): RecordingEvent[] {
  const after = events.reduce<Session>((state, event) => evolve(state, event) ?? state, session);
  if (after.phase !== 'processing') return [...events];
  // Segments that cannot be joined can still be heard, each by itself.
  const heardApart = isWindowed(after) && after.segmenting.mode === 'segments';
  if (after.mergeFailed !== undefined && !heardApart) {
    return [...events, unreadable(after, 'merge', at)];
  }
  return isFinished(after) ? [...events, completed(after, at)] : [...events];
}

function completed(session: Session, at: string): SessionCompleted {
  const uploadWaitMs = session.upload?.uploadWaitMs;
  return {
    type: 'SessionCompleted',
    data: {
      at,
      ...(uploadWaitMs === undefined ? {} : { uploadWaitMs }),
      processingMs: Math.max(0, Date.parse(at) - Date.parse(session.upload?.at ?? at)),
      without: STEPS.filter((step) => session.steps[step].outcome === 'failed'),
    },
  };
}

/** Nothing can be read from what was uploaded in chunks: the whole file is asked for, once. */
function unreadable(session: Session, step: StepName, at: string): SessionFailed {
  const canUploadWhole = session.strategy === 'chunked' && !session.fellBack;
  return {
    type: 'SessionFailed',
    data: {
      at,
      step,
      code: 'audio_unreadable',
      message: 'no audio could be read from what was uploaded',
      retriable: canUploadWhole,
      ...(canUploadWhole ? { action: 'upload_whole_file' as const } : {}),
    },
  };
}

export function decideFailure(session: Session, command: RecordFailure, policy: RetryPolicy): Decision {
  const { step, generation, part, attempt, error, now: at } = command;
  if (awaited(session, command)?.attempt !== attempt) return nothing;
  const { code, message } = error;
  const delay = delayOf(session, command, policy);
  const failedAttempt: RecordingEvent = {
    type: 'StepAttemptFailed',
    data: {
      at,
      step,
      generation,
      ...defined({ part }),
      attempt,
      code,
      message,
      outage: error.kind === 'outage',
      ...(delay === null ? {} : { retryAt: new Date(Date.parse(at) + delay).toISOString() }),
    },
  };
  if (delay !== null) return { events: [failedAttempt] };
  const givenUp: RecordingEvent = {
    type: 'StepFailed',
    data: { at, step, generation, ...defined({ part }), code, message, attempts: attempt },
  };
  if (part !== undefined && step === 'polish') return { events: [failedAttempt, givenUp] };
  if (isOptional(step)) return { events: concluded(session, [failedAttempt, givenUp], at) };
  const failed =
    error.kind === 'input'
      ? unreadable(session, step, at)
      : ({
          type: 'SessionFailed',
          data: { at, step, code, message, retriable: true },
        } satisfies SessionFailed);
  return { events: [failedAttempt, givenUp, failed] };
}

/**
 * A window is not given up while the recording goes on, whatever the failure: nobody waits for it yet, a provider may be
 * back and a key mended before they stop, and the one who speaks can do nothing about it.
 */
function delayOf(session: Session, command: RecordFailure, policy: RetryPolicy): number | null {
  const { step, part, error, now, random } = command;
  if (part === undefined) return retryDelay(policy, session.steps[step], error, now, random);
  const state = partOf(session, step, part);
  const delay = retryDelay(policy, counted(state), error, now, random);
  const isLive = session.phase === 'recording' && step === 'transcribe';
  return delay === null && isLive ? policy.maxDelayMs : delay;
}

/**
 * A person asks for another try of everything that was given up, and of what the session failed by: a merge that
 * failed has ended in a result, not in a failed step. What is called retriable can be retried.
 */
export function decideRetry(session: Session, command: RetrySession): Decision {
  if (session.phase === 'processing') return nothing; // it is being done
  const givenUp = STEPS.filter(
    (step) => session.steps[step].outcome === 'failed' || session.failure?.step === step,
  );
  if (givenUp.length === 0 && pendingSteps(session).length > 0) return nothing; // asked for before
  const may =
    session.phase === 'completed' || (session.phase === 'failed' && session.failure?.retriable === true);
  if (!may || givenUp.length === 0) {
    return refuse('not_retriable', 'there is no step of this session that trying again could mend');
  }
  return { events: givenUp.map((step) => ({ type: 'StepRequeued', data: { at: command.now, step } })) };
}
