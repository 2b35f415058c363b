/** One service as several processes: what a second of each gives, and what people notice when one goes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { radosgwMissing } from '../test/support/radosgw.ts';
import { startService } from '../test/support/service.ts';
import { startSharedParts } from '../test/support/shared-parts.ts';
import { failoverTable } from './nodes/failover.ts';
import { SLOTS, throughputTable } from './nodes/throughput.ts';
import { type BenchOptions, BenchRefused } from './options.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import type { BenchTable } from './table.ts';

/** @throws BenchRefused without radosgw */
export async function benchNodes({ quick, seed }: BenchOptions): Promise<BenchTable[]> {
  const missing = radosgwMissing();
  if (missing !== null) throw new BenchRefused(`nodes: ${missing}`);
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'thankly-nodes-'));
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const server = await startBenchServer();
    stops.push(() => server.stop());
    const shared = await startSharedParts(await server.database(), { latency: 'published' });
    stops.push(() => shared.stop());
    const environment = { WORKER_CONCURRENCY: String(SLOTS) };
    const service = await startService({ shared, percent: 100, environment });
    stops.push(() => service.stop());
    return [
      await throughputTable(
        { service, shared },
        quick ? { rounds: 1, recordings: 8 } : { rounds: 4, recordings: 16 },
      ),
      await failoverTable({ service, shared, folder, seed }, quick ? 1 : 2),
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}
