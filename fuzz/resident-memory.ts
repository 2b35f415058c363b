/** Whether the memory that the application holds stays as it was, however much is asked of it. */
export type Sample = { readonly requests: number; readonly bytes: number };

/** Growth from the first third of the samples to the last that is not called flat: garbage comes and goes. */
const MOST_GROWTH = 1.25;

/** Null with less than six samples; the first, in which caches fill, is left out. */
export function growthOf(samples: readonly Sample[]): number | null {
  const warm = samples.slice(1).map(({ bytes }) => bytes);
  if (warm.length < 5) return null;
  const third = Math.max(2, Math.floor(warm.length / 3));
  return median(warm.slice(-third)) / median(warm.slice(0, third));
}

export function isFlat(samples: readonly Sample[]): boolean {
  const growth = growthOf(samples);
  return growth === null || growth <= MOST_GROWTH;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}
