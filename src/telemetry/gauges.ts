/**
 * The gauges that are read from the database: the same on every node.
 *
 *   unknown ──looked at: waits for the reading──▶ known ──looked at: shown at once, and read anew after──▶ known
 *      ▲                                            └──nobody looked for 15 s: the next waits as at first
 *      └──could not be read for a minute: the gauge is gone, and `absent` says so (until then it keeps its value)
 *
 * Who scrapes does not wait for the database, and sees what was read at the scrape before: at most 15 s old. Read at
 * most every two seconds, whoever looks; never while nobody does.
 */
import type { Consumers } from '../eventlog/consumers.ts';
import type { Sql } from '../eventlog/sql.ts';
import { STEPS } from '../recording/events.ts';
import type { RolloutDesk } from '../rollouts/desk.ts';
import type { SessionList } from '../sessions/session-list.ts';
import type { Metrics } from './metrics.ts';

export type GaugeParts = {
  readonly sql: Sql;
  readonly consumers: Pick<Consumers, 'list' | 'parked'>;
  readonly sessionList: Pick<SessionList, 'counts'>;
  readonly desk: RolloutDesk;
  readonly flags: readonly string[];
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly onError: (error: unknown, what: string) => void;
};

const READ_EVERY_MS = 2_000;
const SHOWN_FOR_MS = 15_000;
const FORGOTTEN_AFTER_MS = 60_000;
const TASKS = [...STEPS, 'deadline', 'erase-objects'] as const;
const STATES = ['ready', 'scheduled', 'running'] as const;
const QUEUE = `select task.identifier as step,
    case when job.locked_at is not null then 'running' when job.run_at > now() then 'scheduled' else 'ready' end as state,
    count(*)::int as jobs,
    coalesce(extract(epoch from now() - min(job.run_at) filter (where job.locked_at is null and job.run_at <= now())), 0)::float8
      as "oldestReady"
  from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id
  group by 1, 2`;

export type Gauges = {
  /** Waits until they are at most 15 s old. */
  known(): Promise<void>;
  /** Reads them for who looks next. */
  readAnew(): Promise<void>;
};

export function gauges(metrics: Metrics, parts: GaugeParts): Gauges {
  const { onError } = parts;
  const all = [
    group(
      'the queue',
      () => readQueue(metrics, parts),
      () => {
        metrics.queueDepth.reset();
        metrics.queueOldestReady.remove(); // `reset` would say 0, which is good news
      },
    ),
    group(
      'the sessions',
      () => readSessions(metrics, parts),
      () => {
        for (const gauge of [metrics.deadLetters, metrics.oldestUnfinished]) gauge.reset();
        metrics.sessionsStuck.remove();
      },
    ),
    group(
      'the consumers',
      () => readConsumers(metrics, parts),
      () => {
        for (const gauge of [metrics.consumerLagEvents, metrics.consumerLagSeconds]) gauge.reset();
      },
    ),
    group(
      'the rollouts',
      () => readRollouts(metrics, parts),
      () => {
        for (const gauge of [metrics.flagPercent, metrics.guardrailEValue, metrics.guardrailBreached])
          gauge.reset();
      },
    ),
  ];
  let reading: Promise<void> | null = null;
  let readAt = Number.NEGATIVE_INFINITY;

  function group(what: string, read: () => Promise<void>, forget: () => void) {
    let worked = performance.now();
    return async () => {
      try {
        await read();
        worked = performance.now();
      } catch (error) {
        onError(error, `the gauges of ${what}`);
        if (performance.now() - worked > FORGOTTEN_AFTER_MS) forget();
      }
    };
  }

  /** @param within not again when it was read so many milliseconds ago */
  async function read(within: number): Promise<void> {
    if (performance.now() - readAt < within) return;
    reading ??= Promise.all(all.map((readGroup) => readGroup())).then(() => {
      readAt = performance.now();
      reading = null;
    });
    await reading;
  }
  return { known: () => read(SHOWN_FOR_MS), readAnew: () => read(READ_EVERY_MS) };
}

async function readQueue({ queueDepth, queueOldestReady }: Metrics, { sql }: GaugeParts): Promise<void> {
  const { rows } = await sql.query<{ step: string; state: string; jobs: number; oldestReady: number }>(QUEUE);
  for (const step of TASKS) {
    for (const state of STATES) {
      const jobs = rows.find((row) => row.step === step && row.state === state)?.jobs ?? 0;
      queueDepth.set({ step, state }, jobs);
    }
  }
  queueOldestReady.set(Math.max(0, ...rows.map(({ oldestReady }) => oldestReady)));
}

async function readSessions(metrics: Metrics, { sessionList, consumers, now }: GaugeParts): Promise<void> {
  const at = now();
  const [{ oldest, stuck, deadLetters }, parked] = await Promise.all([
    sessionList.counts(at),
    consumers.parked(),
  ]);
  const age = (since: string | null) =>
    since === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(since)) / 1000;
  for (const state of ['recording', 'processing'] as const)
    metrics.oldestUnfinished.set({ state }, age(oldest[state]));
  metrics.sessionsStuck.set(stuck);
  for (const step of STEPS) metrics.deadLetters.set({ step }, deadLetters[step] ?? 0);
  metrics.deadLetters.set({ step: 'consumer' }, parked.length);
}

async function readConsumers(
  { consumerLagEvents, consumerLagSeconds }: Metrics,
  { consumers }: GaugeParts,
): Promise<void> {
  for (const { name: consumer, lagEvents, lagSeconds } of await consumers.list()) {
    consumerLagEvents.set({ consumer }, lagEvents);
    consumerLagSeconds.set({ consumer }, lagSeconds);
  }
}

async function readRollouts(metrics: Metrics, { desk, flags }: GaugeParts): Promise<void> {
  for (const flag of flags) {
    const [rollout, experiment] = await Promise.all([desk.rollout(flag), desk.experiment(flag)]);
    if (rollout === null) continue;
    const { percent, effect } = rollout;
    metrics.flagPercent.set({ flag, kind: 'wanted' }, percent);
    if (effect.percent !== null) metrics.flagPercent.set({ flag, kind: 'in_force' }, effect.percent);
    metrics.flagDrifted.set({ flag }, effect.state === 'drifted' ? 1 : 0);
    metrics.flagSyncFailing.set({ flag }, effect.state === 'failing' ? 1 : 0);
    for (const [guardrail, view] of Object.entries(experiment?.guardrails ?? {})) {
      metrics.guardrailEValue.set({ flag, guardrail }, view.eValue);
      metrics.guardrailBreached.set({ flag, guardrail }, view.breachedAt === null ? 0 : 1);
    }
  }
}
