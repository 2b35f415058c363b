/** What the event log does on the embedded, durable PostgreSQL (fsync on), this machine, in one run. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createPool } from '../src/database/pool.ts';
import { startConsumer } from '../src/eventlog/consumer.ts';
import type { EventLog, RecordedEvent } from '../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../src/eventlog/postgres/postgres-event-log.ts';
import { writeBatch } from '../src/eventlog/postgres/write-batch.ts';
import { prepareAppend } from '../src/eventlog/prepare-append.ts';
import { fold } from '../src/recording/evolve.ts';
import { upcast } from '../src/sessions/upcast.ts';
import { type BenchServer, fill, startBenchServer } from './support/eventlog-database.ts';
import { milliseconds, perSecond, quantile, spread, verdict, written } from './support/eventlog-figures.ts';
import { fortyEvents, SMALL_EVENT } from './support/eventlog-session.ts';
import type { BenchTable } from './table.ts';

const WRITERS = 32;
const REPETITIONS = 5;
const SECONDS = 2;

function onError(error: unknown): void {
  process.stderr.write(`bench: ${String(error)}\n`);
}

export async function benchEventLog(): Promise<BenchTable[]> {
  const server = await startBenchServer();
  try {
    return [
      await appends(server),
      await handlerLatency(server),
      await catchUp(server),
      await readAndFold(server),
    ];
  } finally {
    await server.stop();
  }
}

async function appends(server: BenchServer): Promise<BenchTable> {
  const connectionString = await server.database();
  const log = createPostgresEventLog({ connectionString, onError });
  const pool = createPool({ connectionString, name: 'bench', max: WRITERS, onError });
  const grouped = (stream: string) => log.append(stream, 'none', [SMALL_EVENT]);
  const alone = async (stream: string) => {
    const [outcome] = await writeBatch(pool, [prepareAppend(stream, 'none', [SMALL_EVENT])]);
    if (outcome instanceof Error) throw outcome;
  };
  await appendsPerSecond(grouped, 0.5);
  await appendsPerSecond(alone, 0.5);
  const [inGroups, oneByOne, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const [each, other] = [await appendsPerSecond(grouped, SECONDS), await appendsPerSecond(alone, SECONDS)];
    inGroups.push(each);
    oneByOne.push(other);
    ratios.push(each / other);
  }
  await log.close();
  await pool.end();
  const [fast, slow, ratio] = [spread(inGroups), spread(oneByOne), spread(ratios)];
  return {
    title: 'Appends',
    intro: `${WRITERS} writers, one event each to a stream of its own, ${REPETITIONS} repetitions of ${SECONDS} s by turns: median (least–most).`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['group commit', perSecond(fast), '15,000/s', verdict(fast.median >= 15_000)],
      [`one transaction each, ${WRITERS} connections`, perSecond(slow), '', ''],
      [
        'ratio',
        `${ratio.median.toFixed(1)} × (${ratio.min.toFixed(1)}–${ratio.max.toFixed(1)})`,
        '5 ×',
        verdict(ratio.median >= 5),
      ],
    ],
  };
}

async function appendsPerSecond(
  append: (stream: string) => Promise<unknown>,
  seconds: number,
): Promise<number> {
  let count = 0;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: WRITERS }, async () => {
      while (performance.now() - began < seconds * 1_000) {
        await append(`recording-${randomUUID()}`);
        count++;
      }
    }),
  );
  return count / ((performance.now() - began) / 1_000);
}

const LATENCY_SAMPLES = 500;

/** From the call of append to the call of a consumer's handler with that event. */
async function handlerLatency(server: BenchServer): Promise<BenchTable> {
  const connectionString = await server.database();
  const log = createPostgresEventLog({ connectionString, onError });
  const pool = createPool({ connectionString, name: 'bench', max: 1, onError });
  const store = postgresConsumerStore({ connectionString, pool });
  const appended = new Map<string, number>();
  const waits: number[] = [];
  const consumer = startConsumer(
    {
      name: 'latency',
      filter: { streamPrefix: 'recording-' },
      handle: async (events) => {
        const now = performance.now();
        for (const { stream } of events) waits.push(now - (appended.get(stream) ?? Number.NaN));
        return async () => undefined;
      },
    },
    { log, store, onError },
  );
  for (let sample = 0; sample < LATENCY_SAMPLES; sample++) {
    const stream = `recording-${randomUUID()}`;
    appended.set(stream, performance.now());
    await log.append(stream, 'none', [SMALL_EVENT]);
    while (waits.length <= sample) await delay(1);
    await delay(2);
  }
  await consumer.stop();
  await log.close();
  await pool.end();
  const measured = waits.slice(20); // connections and plans are made in the first
  const [p50, p95] = [quantile(measured, 0.5), quantile(measured, 0.95)];
  return {
    title: 'From append to handler',
    intro: `A consumer with its checkpoint, on the node that appends, ${measured.length} appends one after the other; from the call of append to the call of the handler.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['p50', milliseconds(p50), '5 ms', verdict(p50 <= 5)],
      ['p95', milliseconds(p95), '', ''],
    ],
  };
}

const CATCH_UP_EVENTS = 100_000;
const CATCH_UPS = 3;

async function catchUp(server: BenchServer): Promise<BenchTable> {
  const connectionString = await server.database();
  await fill(connectionString, CATCH_UP_EVENTS / 40, fortyEvents(randomUUID()));
  const seconds: number[] = [];
  for (let repetition = 0; repetition < CATCH_UPS; repetition++) {
    seconds.push(await catchUpOnce(connectionString, `catch-up-${repetition}`));
  }
  const taken = spread(seconds);
  return {
    title: 'Catching up',
    intro: `A new consumer handles ${CATCH_UP_EVENTS.toLocaleString('en')} events of recordings (600 bytes each) from the first on, with its checkpoint; ${CATCH_UPS} times, median (least–most).`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [['100,000 events', written(taken, 2, 's'), '2 s', verdict(taken.median <= 2)]],
  };
}

/** In seconds, from the consumer's start to its checkpoint behind the last event. */
async function catchUpOnce(connectionString: string, name: string): Promise<number> {
  const log = createPostgresEventLog({ connectionString, onError });
  const pool = createPool({ connectionString, name: 'bench', max: 1, onError });
  const done = Promise.withResolvers<void>();
  let handled = 0;
  const began = performance.now();
  const consumer = startConsumer(
    {
      name,
      filter: { streamPrefix: 'recording-' },
      handle: async (events: readonly RecordedEvent[]) => async () => {
        handled += events.length;
        if (handled === CATCH_UP_EVENTS) done.resolve();
      },
    },
    { log, store: postgresConsumerStore({ connectionString, pool }), onError },
  );
  await done.promise;
  await consumer.stop();
  const seconds = (performance.now() - began) / 1_000;
  await log.close();
  await pool.end();
  return seconds;
}

const SMALL_LOG = 10_000;
const BIG_LOG = 1_000_000;
const READS = 1_000;
const READ_ROUNDS = 5;

async function readAndFold(server: BenchServer): Promise<BenchTable> {
  const session = fortyEvents(randomUUID());
  const [small, big] = await Promise.all([
    openFilled(await server.database(), SMALL_LOG, session),
    openFilled(await server.database(), BIG_LOG, session),
  ]);
  for (const each of [small, big]) await readTimes(each, 300);
  const [smallP95, bigP95, ratios]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < READ_ROUNDS; round++) {
    const [few, many] = [
      quantile(await readTimes(small, READS), 0.95),
      quantile(await readTimes(big, READS), 0.95),
    ];
    smallP95.push(few);
    bigP95.push(many);
    ratios.push(many / few);
  }
  await Promise.all([small.log.close(), big.log.close()]);
  const ratio = spread(ratios);
  const p95 = spread(bigP95);
  return {
    title: 'Reading and folding a session of 40 events',
    intro: `A random stream is read and folded to its state, one after the other; ${READ_ROUNDS} rounds of ${READS} by turns, p95 of each round, median (least–most).`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['p95, 10,000 events in the log', written(spread(smallP95), 2, 'ms'), '', ''],
      ['p95, 1,000,000 events in the log', written(p95, 2, 'ms'), '10 ms', verdict(p95.median <= 10)],
      ['ratio', written(ratio, 2, '×'), '1.2 ×', verdict(ratio.median <= 1.2)],
    ],
  };
}

type FilledLog = { readonly log: EventLog; readonly streams: readonly string[] };

async function openFilled(
  connectionString: string,
  events: number,
  session: ReturnType<typeof fortyEvents>,
): Promise<FilledLog> {
  const streams = await fill(connectionString, events / session.length, session);
  return { log: createPostgresEventLog({ connectionString, onError }), streams };
}

async function readTimes({ log, streams }: FilledLog, reads: number): Promise<number[]> {
  const times: number[] = [];
  for (let read = 0; read < reads; read++) {
    const stream = streams[Math.floor(Math.random() * streams.length)] ?? '';
    const began = performance.now();
    const session = fold((await log.read(stream)).map(upcast));
    times.push(performance.now() - began);
    if (session === null) throw new Error('a session did not fold');
  }
  return times;
}
