/** For the tests: the expectation of an e-value by going through every outcome, not by simulation. */
import { count, type Strata } from './strata.ts';

/**
 * Σ over all 2ⁿ outcomes of P(outcome) · E(outcome), for users with these shares of whom the chunked are counted `odds`
 * times as often.
 */
export function expectationUnder(
  shares: readonly number[],
  odds: number,
  logEValue: (strata: Strata) => number,
): number {
  const expectation = (strata: Strata, chance: number, left: readonly number[]): number => {
    const [share, ...others] = left;
    if (share === undefined) return chance * Math.exp(logEValue(strata));
    const chunked = (share * odds) / (1 + share * (odds - 1));
    return (
      expectation(count(strata, share, true), chance * chunked, others) +
      expectation(count(strata, share, false), chance * (1 - chunked), others)
    );
  };
  return expectation([], 1, shares);
}
