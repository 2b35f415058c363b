/** What to do after the answer to a PUT of an object: decided here, done in `upload-chunk.ts`. */
import { ApiError } from './api-error.ts';

export type PutDecision = 'stored' | 'renew' | 'again' | 'refused';

/** Renewals of one upload; a URL that is fresh and still refused will not get better. */
const MAX_RENEWALS = 3;

/** @param status HTTP status; 0 when there was no answer. @param renewals URLs renewed so far for this upload */
export function afterPut(status: number, renewals: number): PutDecision {
  if (status >= 200 && status < 300) return 'stored';
  // "412: it was put before": an earlier try arrived, and its answer was lost. What stands there is checked when it is
  // acknowledged.
  if (status === 412) return 'stored';
  // 403: expired. 400: cut off under way, or a signature's credentials that ran out (S3's ExpiredToken).
  if (status === 403 || status === 400) return renewals < MAX_RENEWALS ? 'renew' : 'refused';
  // 409 is S3's ConditionalRequestConflict, whose advice is to try again.
  if (status === 0 || status === 408 || status === 409 || status === 429 || status >= 500) return 'again';
  return 'refused';
}

/** How often a chunk that arrived damaged is put once more. */
const MAX_DAMAGED = 3;

/** Whether to put the chunk again after its acknowledgement failed. @param damaged how often that was so before */
export function putsAgain(error: unknown, damaged: number): boolean {
  return error instanceof ApiError && error.code === 'chunk_mismatch' && damaged < MAX_DAMAGED;
}
