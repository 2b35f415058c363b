/** What is compared while what readers read now stands still. */
export type SwapFacts = {
  /** Another generation is read now. */
  readonly isShown: boolean;
  /** The new one has not come as far in the log as the one that is read. */
  readonly isBehind: boolean;
  /** Streams that the new one passes over, and the one that is read does not. */
  readonly parkedHereOnly: number;
};

/** Readers never see a step back: neither an older state of the view, nor one in which a session is missing. */
export function maySwap({ isShown, isBehind, parkedHereOnly }: SwapFacts): boolean {
  return !isShown || (!isBehind && parkedHereOnly === 0);
}
