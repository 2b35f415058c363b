/** Wald's one-sided SPRT on every chunked session, told both rates: what no test can beat that does not know them. */
import { ALPHA, type WatcherKind } from './watcher.ts';

export const ORACLE: WatcherKind = {
  name: 'oracle SPRT',
  needs: 'both rates, exactly',
  begin: ({ chunked, single }) => {
    const [whenFailed, whenNot] = [Math.log(chunked / single), Math.log((1 - chunked) / (1 - single))];
    let log = 0;
    return ({ isChunked, failed }) => {
      if (!isChunked) return false;
      log += failed ? whenFailed : whenNot;
      // 1 against 0.05 reaches 20 exactly.
      return chunked > single && log >= -Math.log(ALPHA) - 1e-9;
    };
  },
};
