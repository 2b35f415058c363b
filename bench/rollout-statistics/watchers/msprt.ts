/**
 * The mixture SPRT of Johari, Koomen, Pekelis & Walsh (“Always Valid Inference”, arXiv 1512.04922): the difference of the
 * two failure rates as approximately normal, mixed over N(0, τ²). Two-sided, so run at 2α for its one side.
 */
import { proportionsZ } from './proportions-z.ts';
import { ALPHA, type WatcherKind } from './watcher.ts';

export function mixtureSprt(tau: number): WatcherKind {
  return {
    name: `mSPRT, τ = ${tau}`,
    needs: 'the size of the effect, roughly',
    begin: () => {
      const rates = proportionsZ();
      return ({ isChunked, failed }) => {
        rates.add(isChunked, failed);
        if (!rates.isReady()) return false;
        const [difference, variance] = [rates.difference(), rates.variance()];
        const log =
          Math.log(variance / (variance + tau ** 2)) / 2 +
          (tau * difference) ** 2 / (2 * variance * (variance + tau ** 2));
        return difference > 0 && log >= -Math.log(2 * ALPHA);
      };
    },
  };
}
