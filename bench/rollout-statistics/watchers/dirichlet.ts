/** The multinomial test of Lindon & Malek with the paper's Dirichlet mixture, on failures by arm. Two-sided. */
import { decides } from '../../../src/rollout/statistics/e-value.ts';
import { logEValue } from '../../../src/rollout/statistics/multinomial.ts';
import { ALPHA, type WatcherKind } from './watcher.ts';

export function dirichlet(concentration: number): WatcherKind {
  return {
    name: `multinomial, Dirichlet mixture, k = ${concentration}`,
    needs: 'nothing',
    begin: () => {
      let [chunked, single] = [0, 0];
      return ({ isChunked, failed }) => {
        if (!failed) return false;
        if (isChunked) chunked++;
        else single++;
        const isMore = chunked > 0.05 * (chunked + single);
        return isMore && decides(logEValue([chunked, single], [0.05, 0.95], concentration), ALPHA);
      };
    },
  };
}
