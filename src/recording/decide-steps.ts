/** Commands of the processing: a step's results and failures, and a person's retry. */
import type { RecordFailure, RecordResult, RetrySession } from './commands.ts';
import { type Decision, nothing, refuse } from './decision.ts';
import {
  type RecordingEvent,
  type SessionCompleted,
  type SessionFailed,
  STEPS,
  type StepName,
} from './events.ts';
import { evolve } from './evolve.ts';
import type { RetryPolicy } from './limits.ts';
import { isFinished, pendingSteps } from './pending-steps.ts';
import { retryDelay } from './retry-delay.ts';
import { isOptional, type Session } from './session.ts';

/** At least once, made harmless: a result that is there already, or of a run nobody waits for, is dropped. */
export function decideResult(session: Session, command: RecordResult): Decision {
  if (!isAwaited(session, command.step, command.generation)) return nothing;
  return { events: concluded(session, command.results, command.now) };
}

function isAwaited(session: Session, step: StepName, generation: number): boolean {
  return pendingSteps(session).some((pending) => pending.step === step && pending.generation === generation);
}

/** The events, and the end of the session when they bring it about. */
function concluded(session: Session, events: readonly RecordingEvent[], at: string): RecordingEvent[] {
  const after = events.reduce<Session>((state, event) => evolve(state, event) ?? state, session);
  if (after.phase !== 'processing') return [...events];
  if (after.mergeFailed !== undefined && after.segmenting.mode !== 'segments') {
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
  const { step, generation, attempt, error, now: at } = command;
  const state = session.steps[step];
  if (!isAwaited(session, step, generation) || attempt !== state.attempts + 1) return nothing;
  const { code, message } = error;
  const delay = retryDelay(policy, state, error, at, command.random);
  const failedAttempt: RecordingEvent = {
    type: 'StepAttemptFailed',
    data: {
      at,
      step,
      generation,
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
    data: { at, step, generation, code, message, attempts: attempt },
  };
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
