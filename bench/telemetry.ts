/** What watching costs: metrics, logs and traces against none of them, side by side in one run; and `/metrics`. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../src/ai/sandbox/wav-file.ts';
import { type BenchApplication, startBenchApplication } from './support/application.ts';
import { processingTimes, uploadSession, waitForEnd } from './support/bench-session.ts';
import { execute, fill, startBenchServer } from './support/eventlog-database.ts';
import { milliseconds, quantile, spread, verdict } from './support/eventlog-figures.ts';
import { fortyEvents } from './support/eventlog-session.ts';
import { startTraceSink, type TraceSink } from './support/trace-sink.ts';
import type { BenchTable } from './table.ts';

const QUICK = process.env.BENCH_QUICK === '1';
const ROUNDS = QUICK ? 2 : 10;
const TURNS = QUICK ? 1 : 4;
/** To each of the three. */
const SESSIONS_A_ROUND = 20;
const AT_ONCE = 6;
const MOST = 1.05;
const SCRAPES = QUICK ? 5 : 30;
/** The gauges are read anew at each. */
const SCRAPE_EVERY_MS = 2_100;
const SCRAPE_MS = 20;
const LISTED_SESSIONS = 100_000;
const LOGGED_SESSIONS = 5_000;
/** What is under way when the last session has ended is to count. */
const SETTLED_MS = 1_300;

/** 30 seconds at 8 kHz in six chunks. */
const recording = wavBytes(dtmfSamples(numberedWords(60), { rate: 8_000 }), 8_000);
const sixth = Math.ceil(recording.length / 6);
const chunks = Array.from({ length: 6 }, (_, at) => recording.subarray(at * sixth, (at + 1) * sixth));

type Side = { readonly application: BenchApplication; readonly database: pg.Pool };
export async function benchTelemetry(): Promise<BenchTable[]> {
  const folder = await mkdtemp(join(tmpdir(), 'thankly-bench-log-'));
  const logFile = join(folder, 'log');
  const [server, sink] = await Promise.all([startBenchServer(), startTraceSink()]);
  const watch = { logFile, collector: sink.url };
  const stops: (() => Promise<unknown>)[] = [];
  async function start(connectionString: string, how: typeof watch | 'none'): Promise<Side> {
    const application = await startBenchApplication(connectionString, { watch: how });
    const database = new pg.Pool({ connectionString, max: 2 });
    database.on('error', () => undefined); // whatever is asked of it next fails
    stops.push(
      () => application.stop(),
      () => database.end(),
    );
    return { application, database };
  }
  const stopAll = async () => {
    for (const stop of stops.splice(0)) await stop();
  };
  try {
    const watched = await server.database();
    // In this order: what was started before the others costs a percent or two more. The watched one is in the middle.
    const before = await start(await server.database(), 'none');
    const sides = [
      before,
      await start(watched, watch),
      await start(await server.database(), 'none'),
    ] as const;
    const overhead = await overheadTable(sides, sink, logFile);
    await stopAll();
    // It has checkpoints now: they are moved behind what is filled in, as after a year.
    await fillIn(watched);
    return [overhead, await scrapeTable(await start(watched, watch))];
  } finally {
    await stopAll();
    await Promise.all([server.stop(), sink.close(), rm(folder, { recursive: true, force: true })]);
  }
}

/** Sessions from `create` to `complete`, so many at once, to each side in turn; resolves to their ids, side by side. */
async function sessions(sides: readonly Side[], count: number): Promise<string[][]> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  const ids = sides.map((): string[] => []);
  const one =
    (at: number, { application }: Side) =>
    async () => {
      const session = await uploadSession(application, chunks, { durationMs: 30_000 });
      await session.complete();
      ids[at]?.push(session.sessionId);
    };
  await queue.addAll(Array.from({ length: count }, () => sides.map((side, at) => one(at, side))).flat());
  await Promise.all(sides.map(({ database }, at) => waitForEnd(database, ids[at] ?? [])));
  return ids;
}

/** Without, with, without: each milliseconds a session. */
type Three = readonly [number, number, number];
type Sides = readonly [Side, Side, Side];
type Round = { readonly cpuMs: Three; readonly ownMs: Three };

/** All at the same time: whatever else the machine does, it does to each. */
async function round(sides: Sides): Promise<Round> {
  const each = <T>(ask: (side: Side, at: 0 | 1 | 2) => Promise<T>) =>
    Promise.all([ask(sides[0], 0), ask(sides[1], 1), ask(sides[2], 2)]);
  await each(({ application }) => application.ask('memory')); // collects garbage: the last round's is not this one's
  const before = await each(({ application }) => application.ask('cpu'));
  const [ids] = await Promise.all([sessions(sides, SESSIONS_A_ROUND), scrape(sides[1].application)]);
  await delay(SETTLED_MS);
  const cpuMs = await each(
    async ({ application }, at) => ((await application.ask('cpu')) - before[at]) / SESSIONS_A_ROUND,
  );
  const ownMs = await each(async ({ database }, at) =>
    quantile(await processingTimes(database, ids[at] ?? []), 0.5),
  );
  return { cpuMs, ownMs };
}

/** One after the other, and who goes first changes: milliseconds a session, with all there is to do. */
async function turn([first, watched, last]: Sides, isEven: boolean): Promise<Three> {
  const alone = async (side: Side) => {
    const started = performance.now();
    await sessions([side], SESSIONS_A_ROUND);
    return (performance.now() - started) / SESSIONS_A_ROUND;
  };
  if (isEven) return [await alone(first), await alone(watched), await alone(last)];
  const [after, inBetween] = [await alone(last), await alone(watched)];
  return [await alone(first), inBetween, after];
}

async function overheadTable(sides: Sides, sink: TraceSink, logFile: string): Promise<BenchTable> {
  await sessions(sides, 40); // warm
  const [sentBefore, loggedBefore] = [sink.received.bytes, (await stat(logFile)).size];
  const rounds: Round[] = [];
  for (let each = 0; each < ROUNDS; each++) rounds.push(await round(sides));
  const perSession = (bytes: number) => `${(bytes / ROUNDS / SESSIONS_A_ROUND / 1024).toFixed(1)} kB`;
  const sent = perSession(sink.received.bytes - sentBefore);
  const logged = perSession((await stat(logFile)).size - loggedBefore);
  const turns: Three[] = [];
  for (let each = 0; each < TURNS; each++) turns.push(await turn(sides, each % 2 === 0));
  const median = (values: readonly number[]) => milliseconds(quantile(values, 0.5));
  const shown = ({ min, median: middle, max }: ReturnType<typeof spread>) =>
    [min, middle, max].map((value) => value.toFixed(2)).join(', ');
  const row = (what: string, all: readonly Three[], goal = '') => {
    const watched = all.map(([, value]) => value);
    const unwatched = all.map(([first, , last]) => (first + last) / 2);
    const ratio = spread(all.map(([first, value, last]) => value / ((first + last) / 2)));
    const control = spread(all.map(([first, , last]) => first / last));
    const met = goal === '' ? '' : verdict(ratio.median <= MOST);
    return [what, median(watched), median(unwatched), shown(ratio), goal, met, shown(control)];
  };
  return {
    title: 'What watching costs',
    intro: `Sessions of 30 seconds in six chunks, ${AT_ONCE} at once, a provider that answers at once (with a real one a session is more work, and watching it a smaller part). With: metrics, their consumer and a scrape a round, pino to a file, each span sent to a collector by OTLP; a session is ${logged} of log and ${sent} of spans. Without: the same application with none of it, twice: one was started before the watched one and one after it, and “without” is the mean of both; the first ÷ the last says what a difference means that nothing makes. ${ROUNDS} rounds of ${SESSIONS_A_ROUND} sessions to each, in turn, at the same time: whatever else the machine does, it does to all. CPU is that of the application’s process, its threads and the second after the last session included: the figure to go by. What goes out each second or each five counts in the round in which it does. Throughput is of ${TURNS} rounds to one after the other, with load generator, PostgreSQL and collector on the same cores. With and without are medians, the ratios are of each round (min, median, max).`,
    columns: ['a session’s', 'with', 'without', 'with ÷ without', 'goal', '', 'without ÷ without'],
    rows: [
      row(
        'CPU',
        rounds.map(({ cpuMs }) => cpuMs),
        `median ≤ ${MOST}`,
      ),
      row(
        'own time, complete to SessionCompleted',
        rounds.map(({ ownMs }) => ownMs),
      ),
      row('share of the time (1 ÷ throughput)', turns),
    ],
  };
}

async function scrape({ url }: BenchApplication): Promise<{ ms: number; bytes: number }> {
  const started = performance.now();
  const response = await fetch(`${url}/metrics`);
  const { length: bytes } = await response.text();
  if (!response.ok) throw new Error(`/metrics: ${response.status}`);
  return { ms: performance.now() - started, bytes };
}

/** A hundredth was given up; one in two hundred is under way. */
const LIST = `insert into session_list (session_id, state, variant, created_at, changed_at, has_dead_step, row)
  select gen_random_uuid(), state, variant, at, at + interval '40 seconds', state = 'failed',
    json_build_object('state', state, 'variant', variant, 'createdAt', at, 'changedAt', at,
      'deadSteps', case when state = 'failed' then json_build_object('transcribe', 'provider_unavailable') else '{}'::json end)
  from (select
      case when n % 100 = 0 then 'failed' when n % 400 = 1 then 'recording' when n % 400 = 2 then 'processing' else 'completed' end as state,
      case when n % 5 = 0 then 'chunked' else 'single' end as variant,
      now() - n * interval '5 minutes' as at
    from generate_series(1, ${LISTED_SESSIONS}) as n) as sessions`;
const TO_THE_END = `update consumers set position = (
  select transaction_id || ':' || sequence from events order by transaction_id desc, sequence desc limit 1)`;

async function fillIn(connectionString: string): Promise<void> {
  await fill(connectionString, LOGGED_SESSIONS, fortyEvents('7c9e6679-7425-40de-944b-e07fc1f90ae7'));
  await execute(connectionString, [LIST, TO_THE_END, 'vacuum analyze session_list']);
}

async function scrapeTable(side: Side): Promise<BenchTable> {
  const { application, database } = side;
  const { rows } = await database.query(
    'select (select count(*)::int from session_list) as sessions, (select count(*)::int from events) as events',
  );
  const { sessions: listed, events } = rows[0] as { sessions: number; events: number };
  const queue = new PQueue({ concurrency: 2 });
  let done = false;
  let recorded = 0;
  const again = async (): Promise<void> => {
    await sessions([side], 1);
    recorded += 1;
    if (!done) return again();
  };
  const load = queue.addAll([again, again]);
  const started = performance.now();
  await scrape(application); // warm
  const times: number[] = [];
  let size = 0;
  for (let at = 0; at < SCRAPES; at++) {
    await delay(SCRAPE_EVERY_MS);
    const { ms, bytes } = await scrape(application);
    times.push(ms);
    size = bytes;
  }
  const perSecond = recorded / ((performance.now() - started) / 1000);
  done = true;
  await load;
  const p95 = quantile(times, 0.95);
  return {
    title: '`/metrics`, under load',
    intro: `${SCRAPES} scrapes, one each ${SCRAPE_EVERY_MS / 1000} s, while two recordings at a time go through (${perSecond.toFixed(1)} a second), with ${listed.toLocaleString('en')} sessions in the list and ${events.toLocaleString('en')} events in the log. An answer has ${(size / 1024).toFixed(0)} kB.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['median', milliseconds(quantile(times, 0.5)), '', ''],
      ['p95', milliseconds(p95), `${SCRAPE_MS} ms`, verdict(p95 <= SCRAPE_MS)],
      ['longest', milliseconds(Math.max(...times)), '', ''],
    ],
  };
}
