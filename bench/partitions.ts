/** A consumer in partitions: how fast it catches up when its handler waits for something, and what that costs in reading. */
import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from '../src/database/pool.ts';
import { type ConsumerDefinition, startConsumer } from '../src/eventlog/consumer.ts';
import { postgresConsumerStore } from '../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../src/eventlog/postgres/postgres-event-log.ts';
import type { BenchOptions } from './options.ts';
import { type BenchServer, fill, startBenchServer } from './support/eventlog-database.ts';
import { perSecond, spread } from './support/eventlog-figures.ts';
import { fortyEvents } from './support/eventlog-session.ts';
import type { BenchTable } from './table.ts';

const PARTITIONS = [1, 2, 4] as const;
const NODES = 2;
const WAIT_MS = 1;
const EVENTS = { waits: 10_000, reads: 50_000 };
const QUICK = { waits: 2_000, reads: 10_000 };
const REPETITIONS = 3;
/** By hand on a machine with nothing else to do it is below. */
const BUSY = 1.5;

function onError(error: unknown): void {
  process.stderr.write(`bench: ${String(error)}\n`);
}

type Kind = keyof typeof EVENTS;
type Rates = ReadonlyMap<number, number[]>;

export async function benchPartitions({ quick }: BenchOptions): Promise<BenchTable[]> {
  const events = quick ? QUICK : EVENTS;
  const [load = 0] = loadavg();
  const server = await startBenchServer();
  try {
    const waits = await rates(server, events, 'waits');
    const reads = await rates(server, events, 'reads');
    const marks = [
      quick ? ' A short run.' : '',
      load > BUSY ? ` Others were at work on the machine (load ${load.toFixed(1)}).` : '',
    ].join('');
    return [
      {
        title: 'Catching up in partitions',
        intro: `${NODES} nodes, in one process, from the first event until all are handled; ${REPETITIONS} rounds, by turns: median (least–most), and the ratio of the medians to one partition. Waiting: ${events.waits.toLocaleString('en')} events, and a handler that waits ${WAIT_MS} ms (as a timer has it) for each, one after the other. Not waiting: ${events.reads.toLocaleString('en')} events, and a handler that does nothing; each partition reads the whole log.${marks}`,
        columns: ['partitions', 'waiting', '', 'not waiting', ''],
        rows: PARTITIONS.map((partitions) => [
          String(partitions),
          ...figures(waits, partitions),
          ...figures(reads, partitions),
        ]),
      },
    ];
  } finally {
    await server.stop();
  }
}

function figures(all: Rates, partitions: number): string[] {
  const of = (number: number) => spread(all.get(number) ?? []);
  const ratio = of(partitions).median / of(1).median;
  return [`${perSecond(of(partitions))}`, partitions === 1 ? '' : `${ratio.toFixed(1)} ×`];
}

async function rates(server: BenchServer, events: Record<Kind, number>, kind: Kind): Promise<Rates> {
  const connectionString = await server.database();
  const session = fortyEvents(randomUUID());
  await fill(connectionString, events[kind] / session.length, session);
  const measured = new Map<number, number[]>(PARTITIONS.map((partitions) => [partitions, []]));
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    for (const partitions of PARTITIONS)
      measured.get(partitions)?.push(await rate(connectionString, events[kind], kind, partitions));
  }
  return measured;
}

/** Events a second, from the first node's start. */
async function rate(
  connectionString: string,
  events: number,
  kind: Kind,
  partitions: number,
): Promise<number> {
  const log = createPostgresEventLog({ connectionString, onError });
  const pool = createPool({ connectionString, name: 'bench', max: NODES, onError });
  const done = Promise.withResolvers<void>();
  let handled = 0;
  const definition: ConsumerDefinition = {
    name: `bench-${randomUUID()}`,
    filter: { streamPrefix: 'recording-' },
    isByStream: true,
    handle: async (batch) => {
      if (kind === 'waits') for (const _ of batch) await delay(WAIT_MS);
      return async () => {
        handled += batch.length;
        if (handled >= events) done.resolve();
      };
    },
  };
  const began = performance.now();
  const consumers = Array.from({ length: NODES }, () =>
    startConsumer(definition, {
      log,
      store: postgresConsumerStore({ connectionString, pool }),
      onError,
      partitions,
    }),
  );
  await done.promise;
  const seconds = (performance.now() - began) / 1_000;
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await log.close();
  await pool.end();
  return events / seconds;
}
