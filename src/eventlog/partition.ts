import { hash } from 'node:crypto';

/** A consumer's part of the streams: partition `partition` (from 0) of `of`. */
export type Share = { readonly partition: number; readonly of: number };

/** More would be more connections and more readers of one log than anything it could speed up. */
export const MAX_PARTITIONS = 16;

export const WHOLE: Share = { partition: 0, of: 1 };

/**
 * The partition that a stream is in: the same on every node and in every version, and evenly spread whatever the names
 * look like (the first 32 bits of SHA-256, modulo `of`).
 */
export function partitionOf(stream: string, of: number): number {
  return of === 1 ? 0 : hash('sha256', stream, 'buffer').readUInt32BE() % of;
}
