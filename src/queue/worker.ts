/**
 * Runs the queue's jobs on this node: graphile-worker on the same PostgreSQL, woken by NOTIFY, polling as the net
 * (and for jobs whose time comes).
 */
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import {
  type JobHelpers,
  Logger,
  makeWorkerUtils,
  parseCronItems,
  run,
  type TaskList,
  type WorkerPool,
} from 'graphile-worker';
import type pg from 'pg';
import { STEPS } from '../recording/events.ts';
import type { StepRun } from '../steps/run-step.ts';
import { DEADLINE_TASK, ERASE_PERSON_TASK, ERASE_TASK, type EraseJob, RETENTION_TASK } from './jobs.ts';
import { startLiveness } from './liveness.ts';

export type WorkerOptions = {
  readonly pool: pg.Pool;
  readonly connectionString: string;
  /** Jobs at once on this node. */
  readonly concurrency: number;
  readonly runStep: (run: StepRun, signal: AbortSignal) => Promise<unknown>;
  readonly passDeadline: (sessionId: string) => Promise<unknown>;
  readonly eraseObjects: (job: EraseJob['payload']) => Promise<unknown>;
  readonly erasePerson: (erasureId: string) => Promise<unknown>;
  /** Each night, on one node. */
  readonly enforceRetention: (signal: AbortSignal) => Promise<unknown>;
  readonly log: (level: 'error' | 'warn' | 'info', message: string, error?: unknown) => void;
};

export interface Worker {
  /** Takes no more jobs, lets those under way finish (for at most a few seconds, then aborts them). */
  stop(): Promise<void>;
}

/** Scheduled retries start at most this much late. */
const POLL_MS = 300;
const LIVENESS_MS = 1_000;
const ABORT_AFTER_MS = 5_000;
const RESTART_MS = 1_000;
/** While the log is away a job waits here, holding its lock, before it is given back to the queue. */
const LOG_AWAY_DELAYS_MS = [100, 250, 500, 1_000, 2_000, 4_000];

/** When few talk, UTC; of all nodes one takes it. */
const NIGHTLY = '17 3 * * *';

/** Creates or upgrades the queue's own tables; safe on several nodes at once. */
export async function migrateQueue(pool: pg.Pool): Promise<void> {
  const utils = await makeWorkerUtils({ pgPool: pool, logger: silent });
  try {
    await utils.migrate();
  } finally {
    await utils.release();
  }
}

const silent = new Logger(() => () => undefined);

export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log } = options;
  const stopped = new AbortController();
  let running = await startPool(options);

  async function supervise(): Promise<void> {
    while (!stopped.signal.aborted) {
      // A pool ends by itself when it could not reach its tables for long (a database restart): it is started anew.
      await running.ended.catch((error) => log('error', 'the queue worker ended; starting it again', error));
      await running.stop();
      while (!stopped.signal.aborted) {
        await delay(RESTART_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
        if (stopped.signal.aborted) return;
        try {
          running = await startPool(options);
          break;
        } catch (error) {
          log('warn', 'the queue worker cannot start yet', error);
        }
      }
    }
  }
  const supervising = supervise();

  return {
    async stop() {
      stopped.abort();
      await running.stop();
      await supervising;
    },
  };
}

type RunningPool = { readonly ended: Promise<void>; stop(): Promise<void> };

async function startPool(options: WorkerOptions): Promise<RunningPool> {
  const { pool, log } = options;
  const events = new EventEmitter();
  const poolCreated = once(events, 'pool:create') as Promise<[{ workerPool: WorkerPool }]>;
  const runner = await run({
    pgPool: pool,
    taskList: taskList(options),
    parsedCronItems: parseCronItems([
      { task: RETENTION_TASK, match: NIGHTLY, options: { jobKey: RETENTION_TASK } },
    ]),
    events,
    concurrency: options.concurrency,
    pollInterval: POLL_MS,
    gracefulShutdownAbortTimeout: ABORT_AFTER_MS,
    noHandleSignals: true,
    logger: new Logger(() => (level, message, meta) => {
      if (level === 'error' || level === 'warning')
        log(level === 'error' ? 'error' : 'warn', message, meta?.error);
    }),
  });
  const [{ workerPool }] = await poolCreated;
  const stopRunner = () => runner.stop().catch(() => undefined); // it rejects when it has ended already
  try {
    const liveness = await startLiveness({
      connectionString: options.connectionString,
      poolId: workerPool.id,
      intervalMs: LIVENESS_MS,
      onTakeover: (pools) =>
        log('warn', `took over the jobs of ${pools.length} dead worker(s): ${pools.join(', ')}`),
      onError: (error) => log('warn', 'the liveness connection failed; connecting again', error),
    });
    return {
      ended: runner.promise,
      async stop() {
        await stopRunner();
        await liveness.stop();
      },
    };
  } catch (error) {
    await stopRunner();
    throw error;
  }
}

function taskList(options: WorkerOptions): TaskList {
  const stepTask =
    (step: StepRun['step']) =>
    async (payload: unknown, { abortSignal }: JobHelpers): Promise<void> => {
      const job = payload as Omit<StepRun, 'step'>;
      const signal = abortSignal ?? new AbortController().signal;
      await patiently(() => options.runStep({ ...job, step }, signal), signal);
    };
  return {
    ...Object.fromEntries(STEPS.map((step) => [step, stepTask(step)])),
    [DEADLINE_TASK]: async (payload) => {
      await options.passDeadline((payload as { sessionId: string }).sessionId);
    },
    [ERASE_TASK]: async (payload) => {
      await options.eraseObjects(payload as EraseJob['payload']);
    },
    [ERASE_PERSON_TASK]: async (payload) => {
      await options.erasePerson((payload as { erasureId: string }).erasureId);
    },
    [RETENTION_TASK]: async (_payload, { abortSignal }) => {
      await options.enforceRetention(abortSignal ?? new AbortController().signal);
    },
  };
}

/** Tries again while the log cannot be reached; then the job goes back to the queue. */
async function patiently(action: () => Promise<unknown>, signal: AbortSignal): Promise<void> {
  for (const wait of LOG_AWAY_DELAYS_MS) {
    try {
      await action();
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      await delay(wait, undefined, { signal });
    }
  }
  await action();
}
