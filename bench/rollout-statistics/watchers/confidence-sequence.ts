/**
 * What GrowthBook ships as sequential testing: the asymptotic confidence sequence of Waudby-Smith et al. around the
 * difference of the rates, tuned to be tightest at 5,000 sessions (its default). Two-sided, so run at 2α for its one side.
 */
import { proportionsZ } from './proportions-z.ts';
import { ALPHA, type WatcherKind } from './watcher.ts';

const TUNED_TO = 5_000;

export const CONFIDENCE_SEQUENCE: WatcherKind = {
  name: 'confidence sequence, as GrowthBook',
  needs: 'a number of sessions, roughly',
  begin: () => {
    const rates = proportionsZ();
    const rhoSquared = (-2 * Math.log(2 * ALPHA) + Math.log(1 - 2 * Math.log(2 * ALPHA))) / TUNED_TO;
    let sessions = 0;
    return ({ isChunked, failed }) => {
      rates.add(isChunked, failed);
      sessions++;
      if (!rates.isReady()) return false;
      const x = sessions * rhoSquared;
      return rates.value() > Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / (2 * ALPHA)));
    };
  },
};
