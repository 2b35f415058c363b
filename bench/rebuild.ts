/** Rebuilding the views over a log of a million events, beside a service that goes on: how long, and who feels it. */
import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { entriesProjection, entryList } from '../projections/entries.ts';
import { experimentProjection } from '../projections/experiment.ts';
import { sessionListProjection } from '../projections/sessions.ts';
import { createPool } from '../src/database/pool.ts';
import type { EventLog, JsonObject } from '../src/eventlog/event-log.ts';
import { postgresConsumerStore } from '../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../src/eventlog/postgres/postgres-event-log.ts';
import { postgresProjectionStore } from '../src/eventlog/postgres/projection-store.ts';
import type { ProjectionStore } from '../src/eventlog/projection-store.ts';
import { type RunningProjections, runProjections } from '../src/eventlog/run-projections.ts';
import { recordingStream } from '../src/recording/events.ts';
import { rolloutStream } from '../src/rollout/events.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { milliseconds, quantile, verdict } from './support/eventlog-figures.ts';
import { METADATA } from './support/eventlog-session.ts';
import { EVENTS_OF_SESSION, fillSessions, ROLLOUT, sessionEvents } from './support/million-events.ts';
import type { BenchTable } from './table.ts';

const EVENTS = 1_000_000;
const GOAL_S = 60;
const IDLE_MS = 10_000;
const NEW_RECORDING_MS = 50;
const NAMES = ['entries', 'session-list', 'experiment'] as const;

function onError(error: unknown): void {
  process.stderr.write(`bench: ${String(error)}\n`);
}

export async function benchRebuild(): Promise<BenchTable[]> {
  const server = await startBenchServer();
  try {
    const connectionString = await server.database();
    const pool = createPool({ connectionString, name: 'bench', max: 10, onError });
    const log = createPostgresEventLog({ connectionString, onError });
    await log.append(
      rolloutStream('chunked-upload'),
      'none',
      ROLLOUT.map(({ type, data }) => ({ type, data: data as unknown as JsonObject, metadata: METADATA })),
    );
    await fillSessions(connectionString, Math.ceil(EVENTS / EVENTS_OF_SESSION));
    const store = postgresProjectionStore(pool);
    const running = runProjections(
      [entriesProjection, sessionListProjection, experimentProjection('chunked-upload')],
      {
        log,
        store,
        consumers: postgresConsumerStore({ connectionString, pool }),
        now: () => new Date().toISOString(),
        onError,
        onMove: (line) => process.stderr.write(`  ${line}\n`),
      },
    );
    try {
      await caughtUp(running, store);
      return [await rebuilds(running, store), await felt(running, log, pool, store)];
    } finally {
      await running.stop();
      await log.close();
      await pool.end();
    }
  } finally {
    await server.stop();
  }
}

/** The live generation is built for the first time. */
async function caughtUp(running: RunningProjections, store: ProjectionStore): Promise<void> {
  for (const { consumer } of await running.shown()) {
    for (;;) {
      const { done, total } = await store.read(consumer);
      if (done >= total) break;
      await delay(200);
    }
  }
}

async function rebuilds(running: RunningProjections, store: ProjectionStore): Promise<BenchTable> {
  const rows: string[][] = [];
  const timed = async (what: string, names: readonly string[]) => {
    const seconds = await rebuild(running, names);
    rows.push([what, `${seconds.toFixed(1)} s`, `${GOAL_S} s`, verdict(seconds <= GOAL_S)]);
    await removed(store);
  };
  for (const name of NAMES) await timed(name, [name]);
  await timed('all three at once', NAMES);
  return {
    title: 'Rebuilding a view',
    intro: `A log of ${EVENTS.toLocaleString('en')} events (${EVENTS_OF_SESSION} a session, 600 bytes each), one process, nothing else to do; from the request to the moment at which readers read the new generation.`,
    columns: ['view', 'measured', 'goal', ''],
    rows,
  };
}

/** In seconds, from the request until all are read. */
async function rebuild(running: RunningProjections, names: readonly string[]): Promise<number> {
  const began = performance.now();
  for (const name of names) await running.rebuild(name, 'system:bench');
  for (;;) {
    const views = await running.list();
    if (views.every(({ building }) => building === null)) return (performance.now() - began) / 1_000;
    await delay(50);
  }
}

/** What follows is not measured beside the removal of the old rows. */
async function removed(store: ProjectionStore): Promise<void> {
  while ((await store.generations()).some(({ state }) => state === 'retired')) await delay(200);
}

type Felt = {
  readonly seen: number[];
  readonly read: number[];
  readonly appended: number[];
  readonly heldMs: number;
};

async function felt(
  running: RunningProjections,
  log: EventLog,
  pool: pg.Pool,
  store: ProjectionStore,
): Promise<BenchTable> {
  const idle = await feel(log, pool, delay(IDLE_MS));
  const one = await feel(log, pool, rebuild(running, ['session-list']));
  await removed(store);
  const all = await feel(log, pool, rebuild(running, NAMES));
  const row = (what: string, of: (felt: Felt) => number[]) => [
    what,
    ...[idle, one, all].map((each) => {
      const samples = of(each);
      return `${milliseconds(quantile(samples, 0.5))} / ${milliseconds(quantile(samples, 0.95))}`;
    }),
  ];
  return {
    title: 'What others feel of it',
    intro: `A new recording each ${NEW_RECORDING_MS} ms on the same process and database: median / p95.`,
    columns: ['what', 'no rebuild', 'session-list is rebuilt', 'all three are'],
    rows: [
      row('append', ({ appended }) => appended),
      row('from append to the live list of entries', ({ seen }) => seen),
      row('reading a page of entries', ({ read }) => read),
      ['longest the event loop was held', ...[idle, one, all].map(({ heldMs }) => `${heldMs.toFixed(0)} ms`)],
    ],
  };
}

async function feel(log: EventLog, pool: pg.Pool, meanwhile: Promise<unknown>): Promise<Felt> {
  const list = entryList(pool);
  const felt = { seen: [] as number[], read: [] as number[], appended: [] as number[] };
  const held = monitorEventLoopDelay({ resolution: 5 });
  let isOver = false;
  const over = meanwhile.finally(() => {
    isOver = true;
  });
  held.enable();
  while (!isOver) {
    const [sessionId, user] = [randomUUID(), `bench-${randomUUID()}`];
    const began = performance.now();
    await log.append(recordingStream(sessionId), 'none', sessionEvents(sessionId, user, 'single'));
    const appended = performance.now();
    felt.appended.push(appended - began);
    for (;;) {
      const asked = performance.now();
      const page = await list.page(user, { limit: 20 });
      felt.read.push(performance.now() - asked);
      if (page.length > 0 || isOver) break;
      await delay(1);
    }
    felt.seen.push(performance.now() - appended);
    await delay(NEW_RECORDING_MS);
  }
  await over;
  held.disable();
  return { ...felt, heldMs: held.max / 1e6 };
}
