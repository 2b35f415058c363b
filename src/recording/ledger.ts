/**
 * The ledger of a session: what was captured, what of that is stored, what of that was transcribed, and the gaps between.
 * It can be read at every moment; as soon as the transcript stands it is the transcript's.
 *
 *   recording    captured and stored by the recorder's own times, transcribed by the windows heard so far
 *   processing   captured as the recorder said at stop; where the server ended the upload, as far as its chunks tell
 *   transcript   by the sound itself
 *
 * A gap `pending` may still be closed; in a session that has ended there is none.
 */
import { defined } from './defined.ts';
import type { Coverage } from './events.ts';
import type { Session } from './session.ts';
import { arrivedMs, isWindowed, toldMs, windowsOf } from './session-windows.ts';
import { type Covered, coverage, NOT_TRANSCRIBED } from './windows/cover.ts';

/** Undefined before anything has arrived, and while nobody has said how long it is. */
export function ledgerOf(session: Session): Coverage | undefined {
  if (session.phase === 'erased') return undefined;
  if (session.transcript !== undefined) return session.transcript.coverage;
  const storedMs = storedSoFar(session);
  if (storedMs === 0) return undefined;
  const sofar = coverage(capturedMs(session, storedMs), storedMs, coveredSoFar(session));
  if (session.phase !== 'recording' && session.phase !== 'processing') return sofar;
  const gaps = sofar.gaps.map((gap) =>
    gap.reason === NOT_TRANSCRIBED ? { ...gap, reason: 'pending' } : gap,
  );
  return { ...sofar, gaps };
}

/**
 * What was recorded. Where the server ended the upload nobody says how long it was; what came behind a hole does.
 *
 * @param storedMs of the sound that is stored
 */
export function capturedMs(session: Session, storedMs: number): number {
  const saidMs = session.upload?.durationMs;
  if (saidMs !== undefined) return saidMs;
  return Math.max(storedMs, isWindowed(session) ? toldMs(session) : 0);
}

function storedSoFar(session: Session): number {
  const { merged, upload } = session;
  if (merged !== undefined) return merged.durationMs;
  if (isWindowed(session)) return arrivedMs(session);
  // One file, or ranges of one: as long as its recorder says, when all of it is here.
  return upload?.durationMs ?? 0;
}

function coveredSoFar(session: Session): Covered[] {
  const heard = [...session.windows.values()].map(({ startMs, endMs, gap }) => ({
    startMs,
    endMs,
    ...defined({ gap }),
  }));
  return [...heard, ...windowsOf(session).filter(({ isSilent }) => isSilent)];
}
