/** What the event log's tables are made of: runs, quantiles and how they are written. */

export type Spread = { readonly min: number; readonly median: number; readonly max: number };

/** The value below which the given share of the samples lies; `share` in 0–1. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function spread(samples: readonly number[]): Spread {
  return { min: Math.min(...samples), median: quantile(samples, 0.5), max: Math.max(...samples) };
}

/** `0.31 s (0.23–0.32)`: median (least–most). */
export function written({ min, median, max }: Spread, digits: number, unit: string): string {
  const fixed = (value: number) => value.toFixed(digits);
  return `${fixed(median)} ${unit} (${fixed(min)}–${fixed(max)})`.replace('  ', ' ');
}

export function perSecond({ min, median, max }: Spread): string {
  const whole = (value: number) => Math.round(value).toLocaleString('en');
  return `${whole(median)}/s (${whole(min)}–${whole(max)})`;
}

export function milliseconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 0)} ms`;
}

export function verdict(met: boolean): string {
  return met ? 'met' : 'MISSED';
}
