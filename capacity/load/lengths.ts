/** How long recordings are. Pure. */
import { logNormal, type Random } from '../../simulate/random.ts';
import type { Assumptions } from '../assumptions.ts';

export type Lengths = Pick<Assumptions, 'minutes' | 'lengthSigma' | 'shortestMinutes' | 'longestMinutes'>;

/**
 * Minutes. Log-normal: its median is the mean times exp(−σ²/2). What falls outside of the bounds is put on them, which
 * moves the mean by less than a hundredth at the lengths that the bounds are for.
 */
export function drawMinutes(random: Random, lengths: Lengths): number {
  const { minutes, lengthSigma, shortestMinutes, longestMinutes } = lengths;
  const median = minutes * Math.exp(-(lengthSigma ** 2) / 2);
  return Math.min(longestMinutes, Math.max(shortestMinutes, logNormal(random, median, lengthSigma)));
}
