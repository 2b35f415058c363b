/** Figures as Grafana writes them (`@grafana/data`, valueFormats): three digits that count, and a unit that fits. */

/** Grafana's names of the units that our dashboards use. */
export const UNITS = ['short', 's', 'ms', 'percent', 'percentunit', 'bytes', 'ops', 'reqps'] as const;
export type Unit = (typeof UNITS)[number];

type Scaled = { readonly value: number; readonly suffix: string };
/** From this size on it is written in this unit, which is so large. */
type Step = readonly [from: number, size: number, suffix: string];

const SECONDS: readonly Step[] = [
  [0, 1e-9, ' ns'],
  [1e-6, 1e-6, ' µs'],
  [1e-3, 1e-3, ' ms'],
  [1, 1, ' s'],
  [60, 60, ' mins'],
  [3_600, 3_600, ' hours'],
  [86_400, 86_400, ' days'],
  [604_800, 604_800, ' weeks'],
  [31_536_000, 31_536_000, ' years'],
];
const MILLISECONDS: readonly Step[] = [
  [0, 1, ' ms'],
  [1_000, 1_000, ' s'],
  [60_000, 60_000, ' min'],
  [3_600_000, 3_600_000, ' hour'],
  [86_400_000, 86_400_000, ' day'],
];
const SHORT = thousands(1_000, ['', ' K', ' Mil', ' Bil', ' Tri']);
const COUNT = thousands(1_000, ['', 'K', 'M', 'B', 'T']);
const BYTES = thousands(1_024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);

/** As in a figure or a legend: `1.50 s`, `3%`, `12 req/s`, `85.3 MiB`. */
export function formatValue(value: number, unit: Unit): string {
  const { value: scaled, suffix } = scale(value, unit);
  return `${scaled.toFixed(decimalsOf(scaled))}${suffix}`;
}

/** As at an axis, where nothing is gained by zeros at the end: `1.5 s`. */
export function formatTick(value: number, unit: Unit): string {
  const { value: scaled, suffix } = scale(value, unit);
  return `${Number(scaled.toFixed(decimalsOf(scaled)))}${suffix}`;
}

function scale(value: number, unit: Unit): Scaled {
  switch (unit) {
    case 'short':
      return fitting(value, SHORT);
    case 's':
      return value === 0 ? { value, suffix: ' s' } : fitting(value, SECONDS);
    case 'ms':
      return fitting(value, MILLISECONDS);
    case 'percent':
      return { value, suffix: '%' };
    case 'percentunit':
      return { value: value * 100, suffix: '%' };
    case 'bytes':
      return fitting(value, BYTES);
    case 'ops':
      return named(fitting(value, COUNT), ' ops/s');
    case 'reqps':
      return named(fitting(value, COUNT), ' req/s');
    default:
      return unit satisfies never;
  }
}

function thousands(factor: number, suffixes: readonly string[]): readonly Step[] {
  return suffixes.map((suffix, power) => [power === 0 ? 0 : factor ** power, factor ** power, suffix]);
}

function fitting(value: number, steps: readonly Step[]): Scaled {
  const [, size, suffix] = steps.findLast(([from]) => Math.abs(value) >= from) ?? [0, 1, ''];
  return { value: value / size, suffix };
}

const named = ({ value, suffix }: Scaled, name: string): Scaled => ({ value, suffix: `${suffix}${name}` });

/** Whole numbers have none, others as many as make three digits. */
function decimalsOf(value: number): number {
  if (Number.isInteger(Number(value.toPrecision(12)))) return 0;
  return Math.min(20, Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value)))));
}
