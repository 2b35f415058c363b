/**
 * The guardrail: evidence that chunked users fail (or are slow) *more* often, never that they do so less.
 *
 * For each relative odds r > 1 in a grid, the likelihood ratio of r against 1 is an e-process; so is their mixture with
 * fixed weights. It is the multinomial test with another mixing measure: one-sided, and over r instead of over the
 * share, so that what one stage has taught about r goes on into the next, whatever its percentage.
 *
 * Valid not only at r = 1 but for every true r ≤ 1: the factor by which a counted user of share s moves the component r is
 * r/(1 + s(r − 1)) when chunked and 1/(1 + s(r − 1)) when not; its expectation is linear in the true chance q of being
 * chunked, with positive slope, and 1 at q = s. With q ≤ s it is at most 1: a supermartingale.
 */
import { logSumExp } from './e-value.ts';
import { logLikelihoodOfOdds } from './odds.ts';
import type { Strata } from './strata.ts';

/**
 * Odds and their weights (together 1). At a 5 % stage the first deciding failures come within two chunked sessions if all
 * fail, so a part of the weight must lie far out; 10 % against 5 % needs it near 2. Searched for by simulation so that no
 * cell of the bench needs more than 2.2 times the chunked sessions of a test that knows both rates: with equal weights
 * 40 % against 5 % missed that. Found weights were rounded; the result is flat around them.
 */
const MIXTURE: readonly { readonly odds: number; readonly weight: number }[] = [
  { odds: 1.1, weight: 0.02 },
  { odds: 1.25, weight: 0.04 },
  { odds: 1.5, weight: 0.1 },
  { odds: 2, weight: 0.12 },
  { odds: 3, weight: 0.12 },
  { odds: 4.5, weight: 0.12 },
  { odds: 7, weight: 0.18 },
  { odds: 12, weight: 0.16 },
  { odds: 24, weight: 0.06 },
  { odds: 48, weight: 0.08 },
];

/** log e-value; 0 when nothing is counted. */
export function logHarmEValue(strata: Strata): number {
  return logSumExp(MIXTURE.map(({ odds, weight }) => Math.log(weight) + logLikelihoodOfOdds(strata, odds)));
}
