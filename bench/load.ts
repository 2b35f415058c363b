/** Load up to what a node can do, and far past it, and down again: what it answers, how soon, and what it keeps. */
import pg from 'pg';
import { fairnessTable } from './load/fairness.ts';
import { newConnectionsTable } from './load/new-connections.ts';
import { type Offered, offer } from './load/offer.ts';
import { reasonsBetween, refusalsOf, waitingJobs } from './load/pressure.ts';
import { type Accepted, KINDS, totalOf } from './load/recording-requests.ts';
import { tokensOf, USERS } from './load/tokens.ts';
import type { BenchOptions } from './options.ts';
import { startBenchApplication } from './support/application.ts';
import { waitForEnd } from './support/bench-session.ts';
import { startBenchServer } from './support/eventlog-database.ts';
import { milliseconds, verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';

/** Requests a second; the last is as the second, to see it recover. */
const RATES = [50, 200, 400, 800, 1_600, 3_200, 200];
const QUICK_RATES = [20, 400, 20];
const RECOVERY_S = 5;
const PATIENCE_MS = 10 * 60_000;

type Step = Offered & {
  readonly loopMs: number;
  readonly rss: number;
  readonly reasons: readonly [reason: string, share: number][];
  /** Jobs that could run, at its end. */
  readonly waitingJobs: number;
};

export async function benchLoad({ quick }: BenchOptions): Promise<BenchTable[]> {
  const server = await startBenchServer();
  const stops: (() => Promise<unknown>)[] = [() => server.stop()];
  try {
    const connectionString = await server.database();
    // With the bounds that everybody has.
    const application = await startBenchApplication(connectionString, { bounds: 'production' });
    stops.push(() => application.stop());
    const database = new pg.Pool({ connectionString, max: 2 });
    stops.push(() => database.end());
    const accepted: Accepted = { confirmed: new Set(), completed: new Set() };
    const nextToken = await tokensOf(application);
    const seconds = quick ? 5 : 20;
    const steps: Step[] = [];
    for (const rate of quick ? QUICK_RATES : RATES) {
      process.stderr.write(`  ${rate} a second\n`);
      await application.ask('loop-start');
      const before = await refusalsOf(application);
      const offered = await offer(application.url, { rate, seconds, nextToken, accepted });
      steps.push({
        ...offered,
        loopMs: await application.ask('loop-stop'),
        rss: await application.ask('rss'),
        reasons: reasonsBetween(before, await refusalsOf(application)),
        waitingJobs: await waitingJobs(database),
      });
    }
    const lost = await lostOf(database, accepted);
    return [
      stepTable(steps),
      verdictTable(steps, accepted, lost),
      await newConnectionsTable(server, quick),
      await fairnessTable(server, quick ? 40 : 500),
    ];
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function stepTable(steps: readonly Step[]): BenchTable {
  const quantiles = ({ p50, p99 }: Offered['acceptedMs']) =>
    Number.isNaN(p50) ? '' : `${milliseconds(p50)}, ${milliseconds(p99)}`;
  return {
    title: 'Requests a second, up, past it, and down',
    intro: `Recordings of one chunk: create, PUT, confirm, complete, status, of ${USERS} users, by autocannon at a fixed rate (a request a second on each connection, whatever the answers; on the same cores as the application, PostgreSQL and workers, with a provider that answers at once). Accepted is 2xx, refused 429 or 503; latency at p50 and p99. Why: the bound that was met. Jobs waiting, at the step's end: from 20,000 on (MAX_WAITING_JOBS) no recording is begun. The event loop: the longest that it was held.`,
    columns: [
      'due/s',
      'sent/s',
      'accepted/s',
      'refused/s',
      'broken',
      'accepted',
      'refused',
      'refused why',
      'jobs waiting',
      'event loop',
      'RSS',
    ],
    rows: steps.map((step) => {
      const perSecond = (count: number) => (count / step.seconds).toFixed(0);
      return [
        String(step.rate),
        perSecond(step.sent),
        perSecond(totalOf(step.answers, 'accepted')),
        perSecond(totalOf(step.answers, 'refused')),
        String(step.broken),
        quantiles(step.acceptedMs),
        quantiles(step.refusedMs),
        step.reasons.map(([reason, share]) => `${reason} ${(100 * share).toFixed(0)} %`).join(', '),
        String(step.waitingJobs),
        milliseconds(step.loopMs),
        `${(step.rss / 1024 / 1024).toFixed(0)} MiB`,
      ];
    }),
  };
}

type Lost = { readonly confirmed: number; readonly completed: number };

function verdictTable(steps: readonly Step[], { confirmed, completed }: Accepted, lost: Lost): BenchTable {
  const over = steps.reduce((most, step) => (step.rate > most.rate ? step : most));
  const last = steps.at(-1) ?? over;
  const all = (of: (step: Step) => number) => steps.reduce((sum, step) => sum + of(step), 0);
  const refusals = all(({ answers }) => totalOf(answers, 'refused'));
  const unexpected = new Map<string, number>();
  for (const { answers } of steps)
    for (const [what, count] of answers.unexpected) unexpected.set(what, (unexpected.get(what) ?? 0) + count);
  const others = [...unexpected.values()].reduce((sum, count) => sum + count, 0);
  const named = [...unexpected].map(([what, count]) => `${count} × ${what}`).join(', ');
  const withoutRetryAfter = all(({ answers }) => answers.withoutRetryAfter);
  const none = (count: number) => ['0', verdict(count === 0)];
  const share = (kind: (typeof KINDS)[number]) => {
    const { accepted, refused } = over.answers[kind];
    const asked = accepted + refused;
    return asked === 0 ? '' : `${((100 * accepted) / asked).toFixed(0)} %`;
  };
  return {
    title: 'What holds past saturation',
    intro: `All steps together. Lost: confirmed or completed by the answer, and not so in the log when all had ended. Recovered: after the step down to ${last.rate} a second, until the last refusal.`,
    columns: ['what', 'measured', 'goal', ''],
    rows: [
      ['chunks confirmed, and lost', `${lost.confirmed} of ${confirmed.size}`, ...none(lost.confirmed)],
      ['recordings completed, and lost', `${lost.completed} of ${completed.size}`, ...none(lost.completed)],
      ['answers that are neither success nor refusal', others === 0 ? '0' : named, ...none(others)],
      ['refusals without Retry-After', `${withoutRetryAfter} of ${refusals}`, ...none(withoutRetryAfter)],
      [
        'recovered after',
        `${last.refusingSeconds.toFixed(1)} s`,
        `${RECOVERY_S} s`,
        verdict(last.refusingSeconds <= RECOVERY_S),
      ],
      [
        `accepted at ${over.rate}/s: create, PUT, confirm, complete, status`,
        KINDS.map(share).join(', '),
        'what is begun before what is new',
        '',
      ],
    ],
  };
}

/** Waits until all that was accepted has ended, and looks into the log. */
async function lostOf(database: pg.Pool, { confirmed, completed }: Accepted): Promise<Lost> {
  await waitForEnd(database, [...completed], PATIENCE_MS).catch(() => undefined); // what did not end is counted
  const streamsWith = async (ids: ReadonlySet<string>, type: string) => {
    const { rows } = await database.query<{ streams: number }>(
      'select count(distinct stream)::int as streams from events where stream = any ($1) and type = $2',
      [[...ids].map((id) => `recording-${id}`), type],
    );
    return rows[0]?.streams ?? 0;
  };
  return {
    confirmed: confirmed.size - (await streamsWith(confirmed, 'ChunkReceived')),
    completed: completed.size - (await streamsWith(completed, 'SessionCompleted')),
  };
}
