/**
 * From the log to jobs: after an event that can change what a session waits for, the steps whose turn has come are
 * enqueued. It keeps nothing: what is pending is folded from the stream each time, so dispatching an event again, or
 * late, enqueues what is still to be done and nothing else.
 */
import type { ConsumerDefinition } from '../eventlog/consumer.ts';
import type { EventFilter, RecordedEvent } from '../eventlog/event-log.ts';
import type { Sql } from '../eventlog/sql.ts';
import { deadlineOf } from '../recording/decide-upload.ts';
import { type RecordingEventType, recordingStream } from '../recording/events.ts';
import type { RecordingLimits } from '../recording/limits.ts';
import { pendingSteps } from '../recording/pending-steps.ts';
import type { Session } from '../recording/session.ts';
import { type OnChanged, type Sessions, sessionIdOf } from '../sessions/sessions.ts';
import { DEADLINE_TASK, ERASE_TASK, enqueueAll, type Job, stepJob } from './jobs.ts';
import type { Turns } from './turns.ts';

/**
 * Events after which a step's turn may have come. The many chunk events are not among them: the windows that they make
 * due are enqueued at once, and what was lost there is found at the next of these.
 */
const DISPATCHED_EVENTS: readonly RecordingEventType[] = [
  'SessionCreated',
  'UploadFellBack',
  'UploadReopened',
  'UploadCompleted',
  'WindowTranscribed',
  'ParagraphPolished',
  'RecordingMerged',
  'MergeFailed',
  'TranscriptAssembled',
  'ImagesDescribed',
  'StepAttemptFailed',
  'StepFailed',
  'StepRequeued',
  'SessionErased',
];

const DISPATCH_FILTER: EventFilter = { streamPrefix: recordingStream(''), types: DISPATCHED_EVENTS };

/** The consumer that dispatches: its checkpoint moves in the transaction that enqueues the jobs. */
export function dispatcher(sessions: Sessions, turns: Turns): ConsumerDefinition {
  return {
    name: 'dispatcher',
    isByStream: true, // jobs have keys of their session
    filter: DISPATCH_FILTER,
    handle: async (events) => {
      const jobs = await jobsFor(events, sessions, turns);
      return async (transaction) => {
        await enqueueAll(transaction, jobs);
      };
    },
  };
}

/**
 * The short way: the node that changed a session enqueues its due steps at once, without waiting for the log to tell
 * the dispatcher (4–5 ms a hop). The dispatcher comes by afterwards all the same: enqueuing twice enqueues once, and
 * what is lost here is found there.
 */
export function dispatchAtOnce(connection: Sql, turns: Turns, onError: (error: unknown) => void): OnChanged {
  return (session) => {
    const jobs = stepJobs(session, turns);
    if (jobs.length > 0) enqueueAll(connection, jobs).catch(onError);
  };
}

function stepJobs(session: Session, turns: Pick<Turns, 'of'> = NO_TURNS): Job[] {
  const pending = pendingSteps(session);
  const turn = turns.of(session, pending.length > 0);
  return pending.map((step) => stepJob(session.sessionId, step, turn));
}

/** The jobs that are due for the sessions of these events. */
async function jobsFor(events: readonly RecordedEvent[], sessions: Sessions, turns: Turns): Promise<Job[]> {
  const touched = new Set(events.map(sessionIdOf));
  const jobs: Job[] = [];
  for (const sessionId of touched) {
    if (sessionId === null) continue;
    const { session } = await sessions.load(sessionId);
    if (session !== null) jobs.push(...jobsOfSession(session, sessions.limits, turns));
  }
  return jobs;
}

const NO_TURNS: Pick<Turns, 'of'> = { of: () => 0 };

/** What is due of a session as it is now, and when it is to be looked at again. Without `turns` it is its person's first. */
export function jobsOfSession(session: Session, limits: RecordingLimits, turns?: Turns): Job[] {
  const { sessionId } = session;
  const jobs: Job[] = [];
  if (session.phase === 'erased') jobs.push({ task: ERASE_TASK, payload: { sessionId }, runAt: null });
  jobs.push(...stepJobs(session, turns));
  const deadline = deadlineOf(session, limits);
  if (deadline !== null) jobs.push({ task: DEADLINE_TASK, payload: { sessionId }, runAt: deadline });
  return jobs;
}
