/** The flags of the product, and the one port that answers for them and for a user's assignment. */
import type { Assignment } from '../src/recording/events.ts';

export const CHUNKED_UPLOAD = 'chunked-upload';

/**
 * Why a user has the variant: `rollout` and `control` are the two arms of the experiment; `internal` is an internal
 * developer, always on; `flag-off`: the flag is off, archived or gone; `unleash-down`: nothing was ever heard of the
 * flag; `default`: no flag server is used here. Only the first two are counted.
 */
export type AssignmentReason = 'rollout' | 'control' | 'internal' | 'flag-off' | 'unleash-down' | 'default';

export type ChunkedUploadFlag = {
  readonly assignment: Assignment & { readonly reason: AssignmentReason };
  /** How long a chunk is, in seconds. */
  readonly chunkSeconds: number;
  /** Uploads at once. */
  readonly concurrency: number;
};

export interface Flags {
  /** Evaluated locally, at once; never a network call on the request. `userId` is the token's subject. */
  chunkedUpload(userId: string): ChunkedUploadFlag;
}
