/** The list of sessions for those who run the service, folded per session from its events: pure. */
import { gapMs } from '../src/recording/coverage.ts';
import type { RecordingEvent, StepName } from '../src/recording/events.ts';
import type { SessionListRow } from '../src/recording/session-row.ts';

/** Raised when the fold changes: a new version is built beside the old one and then takes its place. */
export const SESSIONS_VERSION = 1;

export type SessionRowState = Omit<SessionListRow, 'sessionId'>;

export const SESSIONS_EVENTS = [
  'SessionCreated',
  'ChunkReceived',
  'UploadFellBack',
  'UploadReopened',
  'UploadCompleted',
  'RecordingMerged',
  'TranscriptAssembled',
  'StepAttemptFailed',
  'StepFailed',
  'StepRequeued',
  'SessionCompleted',
  'SessionFailed',
  'SessionExpired',
  'SessionErased',
] as const satisfies readonly RecordingEvent['type'][];

const CHUNKS_SEEN_EVERY_MS = 60_000;

/** The row after `event`; null when there is none (any more). */
export function evolveSessionRow(row: SessionRowState | null, event: RecordingEvent): SessionRowState | null {
  const next = applied(row, event);
  if (next === null || next === row) return next;
  // What another upload alone could mend waits for nobody here.
  const isDeadLetter = Object.keys(next.deadSteps).length > 0 && next.failure?.retriable !== false;
  return { ...next, isDeadLetter };
}

function applied(row: SessionRowState | null, event: RecordingEvent): SessionRowState | null {
  if (event.type === 'SessionCreated') return row ?? created(event.data);
  if (row === null || event.type === 'SessionErased') return null;
  const { at } = event.data;
  const seen = { ...row, changedAt: at };
  switch (event.type) {
    case 'ChunkReceived':
      // Not for every one of hundreds: once a minute says that it goes on.
      return Date.parse(at) - Date.parse(row.changedAt) < CHUNKS_SEEN_EVERY_MS ? row : seen;
    case 'UploadFellBack':
      return { ...seen, state: 'recording', strategy: 'single', fellBack: true, endedAt: null };
    case 'UploadReopened': {
      const open = { state: 'recording', uploadedAt: null, endedAt: null, sealedBy: null } as const;
      return { ...seen, ...open, failure: null, deadSteps: {} };
    }
    case 'UploadCompleted':
      return { ...seen, state: 'processing', uploadedAt: at, sealedBy: event.data.by };
    case 'TranscriptAssembled':
      return { ...seen, gapMs: gapMs(event.data.coverage) };
    case 'StepAttemptFailed':
      return { ...seen, failedAttempts: row.failedAttempts + 1 };
    case 'StepFailed': {
      const { step, code } = event.data;
      return { ...seen, deadSteps: { ...row.deadSteps, [step]: code } };
    }
    case 'StepRequeued':
      return {
        ...seen,
        state: row.state === 'failed' ? 'processing' : row.state,
        failure: null,
        endedAt: null,
        deadSteps: without(row.deadSteps, event.data.step),
      };
    case 'SessionCompleted':
      return { ...seen, state: 'completed', endedAt: at };
    case 'SessionFailed': {
      const { code, step, retriable } = event.data;
      return { ...seen, state: 'failed', endedAt: at, failure: { code, step, retriable } };
    }
    case 'SessionExpired':
      return { ...seen, state: 'expired', endedAt: at };
    default:
      return seen;
  }
}

function created(data: Extract<RecordingEvent, { type: 'SessionCreated' }>['data']): SessionRowState {
  const { at, userId, strategy, assignment, kind, mimeType } = data;
  return {
    userId,
    variant: assignment.variant,
    strategy,
    reason: assignment.reason,
    kind,
    mimeType,
    state: 'recording',
    createdAt: at,
    changedAt: at,
    uploadedAt: null,
    endedAt: null,
    sealedBy: null,
    fellBack: false,
    failedAttempts: 0,
    deadSteps: {},
    isDeadLetter: false,
    failure: null,
    gapMs: 0,
  };
}

function without(steps: SessionRowState['deadSteps'], step: StepName): SessionRowState['deadSteps'] {
  const { [step]: _, ...others } = steps;
  return others;
}
