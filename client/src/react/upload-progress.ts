/**
 * One bar for upload and processing, 0–1, from a recording's state.
 *
 * Its first three tenths are the upload, as in the server's own progress (`src/recording/progress.ts`: the upload ends
 * at 30 %), so that the bar goes on where the upload ended when the first status comes, and says the same as the status
 * does. It begins at stop, from what is on the server by then: while somebody talks the end is not known, and it stands
 * at 0. A recording sent in chunks has most of the upload behind it at stop; one sent as a whole begins at 0.
 *
 *   finishing   upload, with one more chunk still to come
 *   sending     upload
 *   kept        upload: it stands until the upload goes on
 *   processing  the server's progress
 *   failed      where it was
 *   ready       1, and only then
 */
import type { SessionStatus } from '../contract.ts';
import type { RecordingState, UploadView } from '../upload/recording-state.ts';

/** The upload's share of the bar. */
export const UPLOAD_SHARE = 0.3;
/** What the server calls its progress when the upload is complete, in percent. */
const SERVER_UPLOADED = 30;
/** Until it is ready: a server that says 100 % and no entry yet does not make a full bar. */
const NOT_YET_READY = 0.98;

/** Where this state alone would put the bar. */
export function uploadProgress(state: RecordingState): number {
  switch (state.phase) {
    case 'idle':
    case 'starting':
    case 'refused':
    case 'discarded':
    case 'recording':
    case 'paused':
      return 0;
    case 'finishing':
      return (
        UPLOAD_SHARE * sent(state.upload, state.upload.totalBytes / Math.max(1, state.upload.chunks.length))
      );
    case 'sending':
    case 'kept':
      return UPLOAD_SHARE * sent(state.upload, 0);
    case 'processing':
    case 'failed':
      return processed(state.status);
    case 'ready':
      return 1;
    default:
      return state satisfies never;
  }
}

function sent({ acknowledgedBytes, totalBytes }: UploadView, toCome: number): number {
  const all = totalBytes + toCome;
  return all > 0 ? within(acknowledgedBytes / all, 1) : 0;
}

function processed(status: SessionStatus | null): number {
  if (status === null) return UPLOAD_SHARE;
  const share = within((status.progress - SERVER_UPLOADED) / (100 - SERVER_UPLOADED), 1);
  return within(UPLOAD_SHARE + (1 - UPLOAD_SHARE) * share, NOT_YET_READY);
}

function within(value: number, most: number): number {
  return Number.isFinite(value) ? Math.min(most, Math.max(0, value)) : 0;
}

export type Progress = {
  /** The recording that the value is of; null when there is none. */
  readonly recordingId: string | null;
  /** 0–1. */
  readonly value: number;
};

export const NO_PROGRESS: Progress = { recordingId: null, value: 0 };

/**
 * The bar's fold: for one recording it never goes back, whatever happens (a fallback that sends everything again, a
 * session made anew, a retry). Another recording begins at 0. The same object when nothing changed.
 */
export function nextProgress(previous: Progress, state: RecordingState): Progress {
  const recordingId = 'recordingId' in state ? state.recordingId : null;
  const floor = recordingId === previous.recordingId ? previous.value : 0;
  const value = Math.max(floor, uploadProgress(state));
  return recordingId === previous.recordingId && value === previous.value ? previous : { recordingId, value };
}
