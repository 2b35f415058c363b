/** How likely the counts are if chunked users are counted more (or less) often by a factor. */
import type { Strata } from './strata.ts';

/**
 * The log likelihood ratio of “chunked users are counted `odds` times as often” against “equally often”. Of two users
 * alike but for the arm, a counted one of share s is then chunked with probability s·r / (s·r + 1 − s). With failures as
 * the counted event, r is the relative risk.
 */
export function logLikelihoodOfOdds(strata: Strata, odds: number): number {
  let chunked = 0;
  let log = 0;
  for (const stratum of strata) {
    chunked += stratum.chunked;
    log -= stratum.total * Math.log1p(stratum.share * (odds - 1));
  }
  return log + chunked * Math.log(odds);
}
