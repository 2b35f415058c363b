/** Chance from a seed: the same seed gives the same run, whatever the machine. Pure but for the generator's own state. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Uniform in [0, 1). */
export type Random = () => number;

/** @param stream independent streams of one seed, from 0 */
export function randomOf(seed: number, stream: number): Random {
  const generator = xoroshiro128plus(seed ^ Math.imul(stream, 0x9e3779b9));
  return () => uniformFloat64(generator);
}

/** Box and Muller's. */
function standardNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Log-normal, by its median and the standard deviation of its logarithm. */
export function logNormal(random: Random, median: number, sigma: number): number {
  return median * Math.exp(sigma * standardNormal(random));
}

/** 1, 2, 3 …: geometric with this mean, at least 1. */
export function geometric(random: Random, mean: number): number {
  if (mean <= 1) return 1;
  return 1 + Math.floor(Math.log(1 - random()) / Math.log(1 - 1 / mean));
}

/** Less than this cannot be told from none, and its gamma shapes would leave the range of numbers. */
const LEAST_SPREAD = 1e-9;

/**
 * A chance of one of many, beta-distributed with this mean. `spread` is the intraclass correlation: 0 gives everybody
 * the mean, and near 1 nearly everybody has either 0 or 1.
 */
export function beta(random: Random, mean: number, spread: number): number {
  if (spread < LEAST_SPREAD || mean <= 0 || mean >= 1) return mean;
  const size = 1 / spread - 1;
  // Of logarithms: with a shape near 0 the gamma variates themselves are too small for a number.
  const difference = logGamma(random, (1 - mean) * size) - logGamma(random, mean * size);
  return 1 / (1 + Math.exp(difference));
}

/** The logarithm of a gamma variate of scale 1 (Marsaglia and Tsang 2000, and their way for shapes under 1). */
function logGamma(random: Random, shape: number): number {
  if (shape < 1) return logGamma(random, shape + 1) + Math.log(1 - random()) / shape;
  const d = shape - 1 / 3;
  for (;;) {
    const normal = standardNormal(random);
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < normal ** 2 / 2 + d * (1 - v + Math.log(v))) {
      return Math.log(d) + Math.log(v);
    }
  }
}

/** Fisher and Yates's, in place. */
export function shuffle<T>(items: T[], random: Random): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T];
  }
  return items;
}
