/**
 * How many times as often chunked users are counted (fail, are slow), with bounds that hold whenever one looks: a
 * confidence sequence by inverting the mixture test. Under the true r₀ the mixture Σ w(r) L(r) / L(r₀) is a martingale
 * that starts at 1, so with probability 1 − α it never exceeds 1/α; the bounds are the r₀ for which it does not.
 */
import { logSumExp } from './e-value.ts';
import type { Interval } from './interval.ts';
import { logLikelihoodOfOdds } from './odds.ts';
import { type Strata, totals } from './strata.ts';

/** Nothing is said about odds beyond 1/64 … 64: a bound that stands there means “or beyond”. */
const FURTHEST = Math.log(64);
/** 64 an octave: still no wider than the likelihood with 10⁶ counted users, of whom 5 % chunked. */
const POINTS = 769;
/** With fewer the bounds are as good as the whole range. */
const FEWEST = 5;

const GRID = Array.from({ length: POINTS }, (_, i) => Math.exp(FURTHEST * ((2 * i) / (POINTS - 1) - 1)));

/** null when fewer than five users are counted. */
export function relativeRisk(strata: Strata, alpha: number): Interval | null {
  if (totals(strata).total < FEWEST) return null;
  const logOf = (logOdds: number) => logLikelihoodOfOdds(strata, Math.exp(logOdds));
  const mixture = logSumExp(GRID.map((odds) => logLikelihoodOfOdds(strata, odds))) - Math.log(POINTS);
  const threshold = mixture + Math.log(alpha);
  const best = mostLikely(strata);
  const isInside = (logOdds: number) => logOf(logOdds) >= threshold;
  return {
    estimate: Math.exp(best),
    low: Math.exp(isInside(-FURTHEST) ? -FURTHEST : edge(best, -FURTHEST, isInside)),
    high: Math.exp(isInside(FURTHEST) ? FURTHEST : edge(best, FURTHEST, isInside)),
  };
}

/** The log likelihood is concave in log r: its slope, chunked counted minus expected at r, falls through zero once. */
function mostLikely(strata: Strata): number {
  const { chunked } = totals(strata);
  const isBelow = (logOdds: number) => {
    const odds = Math.exp(logOdds);
    let expected = 0;
    for (const { share, total } of strata) expected += (total * share * odds) / (1 + share * (odds - 1));
    return expected < chunked;
  };
  if (!isBelow(-FURTHEST)) return -FURTHEST;
  return isBelow(FURTHEST) ? FURTHEST : edge(-FURTHEST, FURTHEST, isBelow);
}

/** Where `holds` ends on the way from `from`, where it holds, to `to`, where it does not. */
function edge(from: number, to: number, holds: (logOdds: number) => boolean): number {
  let [inside, outside] = [from, to];
  for (let step = 0; step < 40; step++) {
    const middle = (inside + outside) / 2;
    if (holds(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}
