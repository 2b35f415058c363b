/**
 * The rollout's statistics by simulation: false alarms under a look after every event, time to detection against other
 * tests, and the intervals of the time ratio. No server, no network; some eight minutes on two cores, with BENCH_QUICK=1
 * under one. The tables also go into docs/statistics.md.
 */
import { computedTables } from './rollout-statistics/two-workers.ts';
import { writeStatistics } from './rollout-statistics/write-statistics.ts';
import type { BenchTable } from './table.ts';

export async function benchRolloutStatistics(): Promise<BenchTable[]> {
  const tables = await computedTables();
  writeStatistics(tables);
  return tables;
}
