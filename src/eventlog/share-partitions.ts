/**
 * How the nodes that share a consumer come to about as many partitions each, without talking to each other: each sees how
 * many the others lead, and how many nobody does.
 */
export type Sharing = {
  /** Partitions, in all. */
  readonly of: number;
  /** Led by this node. */
  readonly mine: number;
  /** Led by each of the other nodes that take part. */
  readonly others: readonly number[];
  /** Led by nobody. */
  readonly free: number;
  /** Since when the longest of them has been free. */
  readonly freeForMs: number;
};

export type Move =
  | { readonly does: 'stay' }
  /** `isOverdue`: who has less was waited for, and has not taken them. */
  | { readonly does: 'take'; readonly count: number; readonly isOverdue: boolean }
  /** One at a time: two that give at once would give too much. */
  | { readonly does: 'give' };

/** Several looks of the others; then a node takes what others should have, rather than that nobody leads it. */
export const PATIENCE_MS = 2_000;

/**
 * What is free goes to who has least, up to an even share at once; the others take it after a while. Who has two more than
 * another gives one.
 */
export function dueMove({ of, mine, others, free, freeForMs }: Sharing): Move {
  const least = Math.min(...others); // alone: infinite
  if (free > 0) {
    const share = Math.ceil(of / (others.length + 1));
    if (mine <= least && mine < share)
      return { does: 'take', count: Math.min(free, share - mine), isOverdue: false };
    return freeForMs < PATIENCE_MS ? { does: 'stay' } : { does: 'take', count: free, isOverdue: true };
  }
  return mine >= least + 2 ? { does: 'give' } : { does: 'stay' };
}
