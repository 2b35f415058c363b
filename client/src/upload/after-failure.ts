/**
 * What the failure of an action means. The ways out, from the mildest: again later; the chunk again; the whole recording
 * by the single path; in another session; not at all until a person tries again (the recording stays on the device).
 */
import type { ActionFailure } from './happenings.ts';
import { type Action, COMPLETE, goesWhole, type Upload } from './upload.ts';

export type WayOut =
  | { readonly way: 'later' }
  /** These chunks (or the one file) are not there after all: they go up again. */
  | { readonly way: 'resend'; readonly indexes: readonly number[] }
  | { readonly way: 'fall-back'; readonly reason: string }
  /** The session is of no use any more; `abandon` when it may hold a part of the recording. */
  | { readonly way: 'new-session'; readonly reason: string; readonly abandon: boolean }
  | { readonly way: 'refused'; readonly code: string };

/** Rejections of one action in a row before another way is taken. */
const MAX_REJECTIONS = 3;
/** Sessions for one recording: where three came to nothing, a fourth will not do better. */
const MAX_SESSIONS = 3;

const GONE = new Set(['session_not_found', 'session_ended', 'idempotency_key_reused']);
/** The server went on without us, with what it had. */
const SEALED = new Set(['session_not_recording', 'completed_differently', 'fallback_not_possible']);

/** @param rejections earlier rejections of this action in a row */
export function afterFailure(
  upload: Upload,
  action: Action,
  failure: ActionFailure,
  rejections: number,
): WayOut {
  if (failure.passing) return { way: 'later' };
  // What went beside it has made an end of the session, and tells how it went.
  if (action.kind === 'send' && (upload.record.uploaded || upload.busy.has(COMPLETE)))
    return { way: 'later' };
  // Before all of it is there it is only listened to (`live-words.ts`).
  if (action.kind === 'follow' && !upload.record.uploaded) return { way: 'later' };
  if (failure.status === 401 && action.kind === 'erase') return { way: 'later' };
  if (failure.status === 401) return { way: 'refused', code: 'signed_out' };
  if (failure.code === 'chunk-lost') return { way: 'refused', code: 'chunk_lost' };
  if (failure.code === 'recording_too_large') return { way: 'refused', code: failure.code };
  if (GONE.has(failure.code)) return newSession(upload, 'session_gone', false);
  if (SEALED.has(failure.code)) return newSession(upload, 'session_sealed', true);
  switch (action.kind) {
    case 'create':
    case 'follow':
    case 'reprocess':
    case 'fall-back':
    case 'erase':
      return { way: 'refused', code: failure.code };
    case 'send':
      if (failure.status === 413) return { way: 'fall-back', reason: 'chunk_too_large' };
      if (failure.code === 'chunk_index_out_of_range') return { way: 'fall-back', reason: 'too_many_chunks' };
      return rejections + 1 < MAX_REJECTIONS
        ? { way: 'later' }
        : { way: 'fall-back', reason: 'chunk_rejected' };
    case 'send-whole':
      return rejections + 1 < MAX_REJECTIONS && failure.status !== 413
        ? { way: 'later' }
        : { way: 'refused', code: failure.code };
    case 'complete':
      return afterIncomplete(upload, failure, rejections);
    default:
      return action satisfies never;
  }
}

function afterIncomplete(upload: Upload, failure: ActionFailure, rejections: number): WayOut {
  const { code, indexes = [] } = failure;
  const mendable = code === 'chunks_missing' || code === 'chunk_mismatch';
  if (mendable && indexes.length > 0 && rejections + 1 < MAX_REJECTIONS) return { way: 'resend', indexes };
  if (code === 'recording_empty' || goesWhole(upload.record)) return { way: 'refused', code };
  return { way: 'fall-back', reason: code };
}

function newSession({ record }: Upload, reason: string, abandon: boolean): WayOut {
  return record.round + 1 < MAX_SESSIONS
    ? { way: 'new-session', reason, abandon }
    : { way: 'refused', code: reason };
}

const FIRST_DELAY_MS = 500;
/** Not longer: a phone that comes back into the net without being told so would wait for it. */
const MAX_DELAY_MS = 8_000;
/** Failing for so long, a person is told that it is kept here and tried again. */
export const LONG_MS = 30_000;

/** Doubling from half a second to eight seconds, jittered to 50–100 %, at least what the server asks for. */
export function retryDelay(failedBefore: number, failure: ActionFailure, random: number): number {
  const backoff = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(failedBefore, 16));
  return Math.max(backoff * (0.5 + random / 2), Math.min(failure.retryAfterMs ?? 0, 10 * 60_000));
}
