/** A command that the domain refuses: a value, not an exception. `http/problem.ts` maps each code to a status. */
export const REJECTION_CODES = [
  'session_not_found',
  'session_exists',
  'session_not_recording',
  'session_ended',
  'chunk_index_out_of_range',
  'chunk_mismatch',
  'chunks_missing',
  'chunks_unlisted',
  'images_missing',
  'recording_empty',
  'recording_too_large',
  'completed_differently',
  'fallback_not_possible',
  'not_retriable',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

export type Rejected = {
  readonly code: RejectionCode;
  readonly message: string;
  /** Facts a client can act on, such as `missing: [3, 4]`. */
  readonly details?: Readonly<Record<string, readonly number[] | string | number>>;
};
