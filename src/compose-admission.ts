/** Configuration → who comes in (http/admission): its bounds, and what tells how much there is to do. Only compose.ts uses it. */
import type pg from 'pg';
import type { OnStop } from './compose-adapters.ts';
import type { Config } from './config.ts';
import type { AdmissionOptions, Refusal } from './http/admission/admission.ts';
import { watchLoopDelay } from './http/admission/loop-delay.ts';
import { watchWaitingJobs } from './queue/waiting-jobs.ts';

/** Queries that may wait for one of the application's own connections; its requests in flight wait for others besides. */
const POOL_WAITERS = 100;

export function admission(
  config: Config,
  {
    pool,
    onStop,
    onError,
    onRefused,
  }: {
    readonly pool: pg.Pool;
    readonly onStop: OnStop;
    readonly onError: (error: unknown) => void;
    readonly onRefused: (why: Refusal) => void;
  },
): AdmissionOptions {
  const loop = watchLoopDelay();
  onStop('the watch over delays', async () => loop.stop());
  const jobs = watchWaitingJobs(pool, { most: config.MAX_WAITING_JOBS, onError });
  onStop('the watch over waiting jobs', () => jobs.stop());
  return {
    addressPerSecond: config.ADDRESS_REQUESTS_PER_SECOND,
    userPerSecond: config.USER_REQUESTS_PER_SECOND,
    bounds: {
      inFlight: config.MAX_REQUESTS_IN_FLIGHT,
      loopDelayMs: config.MAX_LOOP_DELAY_MS,
      poolWaiters: POOL_WAITERS,
      waitingJobs: config.MAX_WAITING_JOBS,
    },
    pressure: () => ({
      loopDelayMs: loop.now(),
      poolWaiters: pool.waitingCount,
      waitingJobs: jobs.now(),
    }),
    onRefused,
    random: Math.random,
  };
}
