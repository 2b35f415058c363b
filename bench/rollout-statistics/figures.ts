/** How the tables write what they found. */

/** Of values some of which may be Infinity: never. */
export function quantileOf(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

export function percentage(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

export function whole(value: number): string {
  return Number.isFinite(value) ? Math.round(value).toLocaleString('en') : 'never';
}

/** `28 (72)`. */
export function medianAndP90(values: readonly number[]): string {
  return `${whole(quantileOf(values, 0.5))} (${whole(quantileOf(values, 0.9))})`;
}

export function shareOf(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}

/** An observed share of false alarms against the α it must not pass; two standard errors of noise are no miss. */
export function againstAlpha(share: number, alpha: number, runs: number): string {
  const noise = 2 * Math.sqrt((alpha * (1 - alpha)) / runs);
  return `${percentage(share, 2)}${share > alpha + noise ? ' **MISSED**' : ''}`;
}
