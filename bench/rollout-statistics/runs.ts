/** How many runs a cell has, and from what seed. */
const QUICK = process.env.BENCH_QUICK === '1';

export const SEED = 20_251_124;

/** At least 2,000 a cell; with BENCH_QUICK=1 a twentieth. */
export function runs(wanted: number): number {
  return QUICK ? Math.ceil(wanted / 20) : wanted;
}

export function progress(message: string): void {
  process.stderr.write(`  ${message}\n`);
}
