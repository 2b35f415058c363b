/**
 * How much longer chunked takes, as a ratio of times with bounds that hold whenever one looks: the asymptotic confidence
 * sequence of Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas, “Time-uniform central limit theory and asymptotic confidence
 * sequences” (arXiv 2103.06476v7, eq. 9: two-sided with α, not α/2), around the clustered difference of mean log times.
 */
import { clusteredDifference, type StageTimes } from './clustered-difference.ts';
import type { Interval } from './interval.ts';

/**
 * The n at which the bounds are tightest relative to a fixed-n interval. n is of users, counted so that it grows as the
 * information does, which at 5 % hardly moves with the 95 %: 100 chunked users against any number of single.
 */
const TIGHTEST_AT = 100;

/**
 * Chunked divided by single: the ratio of the geometric mean times of a session. null when no stage has thirty users in
 * both arms.
 */
export function ratioOfTimes(stages: readonly StageTimes[], alpha: number): Interval | null {
  const difference = differenceOfMeans(stages, alpha);
  if (difference === null) return null;
  const { estimate, low, high } = difference;
  return { estimate: Math.exp(estimate), low: Math.exp(low), high: Math.exp(high) };
}

/** The same in logs: the mean of chunked minus that of single. */
export function differenceOfMeans(
  stages: readonly StageTimes[],
  alpha: number,
  fewest?: number,
): Interval | null {
  const difference = clusteredDifference(stages, fewest);
  if (difference === null) return null;
  const { estimate, standardError, n } = difference;
  const halfWidth = standardError * boundary(n, alpha);
  return { estimate, low: estimate - halfWidth, high: estimate + halfWidth };
}

/** In standard errors: 1.96 of a fixed-n interval becomes 3.04 where it is tightest (α = 0.05). */
function boundary(n: number, alpha: number): number {
  // Eq. 161: the ρ that makes it tightest there.
  const rhoSquared = (-2 * Math.log(alpha) + Math.log(1 - 2 * Math.log(alpha))) / TIGHTEST_AT;
  const x = n * rhoSquared;
  return Math.sqrt(((2 * (x + 1)) / x) * Math.log(Math.sqrt(x + 1) / alpha));
}
