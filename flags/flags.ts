/** The flags of the product, and the one port that answers for them and for a user's assignment. */
import type { Assignment } from '../src/recording/events.ts';

export const CHUNKED_UPLOAD = 'chunked-upload';

export type ChunkedUploadFlag = {
  readonly assignment: Assignment;
  /** How long a chunk is, in seconds. */
  readonly chunkSeconds: number;
  /** Uploads at once. */
  readonly concurrency: number;
};

export interface Flags {
  /** Evaluated locally, at once; never a network call on the request. `userId` is the token's subject. */
  chunkedUpload(userId: string): ChunkedUploadFlag;
}
