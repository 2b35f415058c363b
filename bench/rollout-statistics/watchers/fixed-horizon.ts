/** The textbook's test: the sample size is computed in advance, and one looks once, at the end. */
import { proportionsZ } from './proportions-z.ts';
import { chunkedSessionsNeeded } from './sample-size.ts';
import type { Rates, WatcherKind } from './watcher.ts';

/** @param planned the rates it is planned for; without them the very rates of the cell, which nobody knows. */
export function fixedHorizon(planned?: Rates): WatcherKind {
  return {
    name: planned === undefined ? 'fixed horizon, planned for this' : 'fixed horizon, planned for 10 % v 5 %',
    needs: 'rates and sample size',
    begin: (rates) => {
      const seen = proportionsZ();
      const end = chunkedSessionsNeeded(planned ?? rates);
      return ({ isChunked, failed }) => {
        seen.add(isChunked, failed);
        if (seen.chunked() < end) return false;
        return seen.value() > 1.645 || 'never';
      };
    },
  };
}
