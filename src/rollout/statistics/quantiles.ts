/**
 * Quantiles of times from a histogram with logarithmic buckets: each answer is within 1 % of a measured time of that
 * rank. The scheme is DDSketch's (Masson, Rim, Lee, “DDSketch”, VLDB 2019): bucket i holds γ^(i−1) … γ^i. Between one
 * millisecond and a day there are at most 915 buckets, so nothing ever has to be collapsed.
 */
/** How many times fell into each bucket, by its index. JSON. */
export type Histogram = Readonly<Record<string, number>>;

export const NO_TIMES: Histogram = {};

/** What lies outside is a clock's fault and is taken as the nearer end. */
const SHORTEST_MS = 1;
const LONGEST_MS = 24 * 3_600_000;

const ACCURACY = 0.01;
const GAMMA = (1 + ACCURACY) / (1 - ACCURACY);

/** The histogram with one more time; a time that is no number is left out. */
export function record(histogram: Histogram, ms: number): Histogram {
  if (!Number.isFinite(ms)) return histogram;
  const measured = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms));
  const index = Math.ceil(Math.log(measured) / Math.log(GAMMA));
  return { ...histogram, [index]: (histogram[index] ?? 0) + 1 };
}

/** All times of both. */
export function merge(one: Histogram, other: Histogram): Histogram {
  const merged: Record<string, number> = { ...one };
  for (const [index, n] of Object.entries(other)) merged[index] = (merged[index] ?? 0) + n;
  return merged;
}

/** How many times it holds. */
export function recorded(histogram: Histogram): number {
  return Object.values(histogram).reduce((sum, n) => sum + n, 0);
}

/** The time in milliseconds below which the share `q` (0–1) of the times lies; null when there are none. */
export function quantile(histogram: Histogram, q: number): number | null {
  const buckets = Object.entries(histogram)
    .map(([index, n]): [number, number] => [Number(index), n])
    .sort(([a], [b]) => a - b);
  const rank = q * (recorded(histogram) - 1);
  let below = 0;
  for (const [index, n] of buckets) {
    below += n;
    if (below > rank) return (2 * GAMMA ** index) / (GAMMA + 1);
  }
  return null;
}
