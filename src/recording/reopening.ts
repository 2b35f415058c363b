/**
 * A client that comes back after the server has sealed its recording without it (the app was killed, the phone dead)
 * brings the rest: with the first chunk that is lacking the upload is open again, whatever became of the session
 * meanwhile. What was sealed is heard and written until then; the whole recording's entry takes its place.
 */
import { type Decision, refuse } from './decision.ts';
import type { UploadReopened } from './events.ts';
import { evolve } from './evolve.ts';
import type { RecordingLimits } from './limits.ts';
import { hasEnded, type Session } from './session.ts';

/** While recording, and for a while after the server has sealed what had come. */
export function takesChunks(session: Session, limits: RecordingLimits, now: string): boolean {
  return session.phase === 'recording' || canReopen(session, limits, now);
}

function canReopen({ phase, upload }: Session, { reopenMs }: RecordingLimits, now: string): boolean {
  if (upload?.by !== 'server') return false;
  const isOpenToIt = phase === 'processing' || phase === 'completed' || phase === 'failed';
  return isOpenToIt && Date.parse(now) - Date.parse(upload.at) <= reopenMs;
}

/**
 * What `decideOpen` decides on the session as it is while recording; if need be it is opened again first, for the sake of
 * chunks that are not here. A refusal opens nothing. Where it can't be opened: `otherwise`.
 */
export function whileRecording(
  session: Session,
  indexes: readonly number[],
  limits: RecordingLimits,
  now: string,
  decideOpen: (open: Session) => Decision,
  otherwise: () => Decision = () => notRecording(session),
): Decision {
  if (session.phase === 'recording') return decideOpen(session);
  const isLacking = indexes.some((index) => !session.chunks.has(index));
  if (!isLacking || !canReopen(session, limits, now)) return otherwise();
  const reopened: UploadReopened = { type: 'UploadReopened', data: { at: now } };
  const decision = decideOpen(evolve(session, reopened) ?? session);
  return decision.rejected === undefined
    ? { events: [reopened, ...decision.events] }
    : { ...decision, events: [] };
}

/** The refusal of what can only be done while recording. */
export function notRecording(session: Session): Decision {
  return hasEnded(session)
    ? refuse('session_ended', `the session is ${session.phase}`)
    : refuse('session_not_recording', 'the upload of this session was completed');
}
