/** Whether a request is one too many for this node as it stands. Pure. */
import type { Importance } from './importance.ts';

/** How much there is to do. */
export type Pressure = {
  /** Requests being answered: their bodies are read, their answers not sent. */
  readonly inFlight: number;
  /** By how much the event loop is late, in milliseconds; the median of the last half second. */
  readonly loopDelayMs: number;
  /** Queries that wait for a connection to the database. */
  readonly poolWaiters: number;
  /** Jobs of the queue that could run, had a worker time. */
  readonly waitingJobs: number;
};

/** Each is where nothing more is taken; what is less important is given up earlier. */
export type Bounds = Pressure;

export type Overload = 'in_flight' | 'loop_delay' | 'pool_waiters' | 'waiting_jobs';

/** Of a bound, the share from which on it is given up. */
const GIVEN_UP_FROM: Readonly<Record<Importance, number>> = { other: 0.5, new: 0.75, vital: 1 };

/** What there is too much of; null: the request is welcome. */
export function overloadFor(importance: Importance, pressure: Pressure, bounds: Bounds): Overload | null {
  const share = GIVEN_UP_FROM[importance];
  if (pressure.inFlight >= bounds.inFlight * share) return 'in_flight';
  if (pressure.poolWaiters >= bounds.poolWaiters * share) return 'pool_waiters';
  // A late loop is no reason to lose what somebody said: it is late because of the others, who are given up.
  if (importance !== 'vital' && pressure.loopDelayMs >= bounds.loopDelayMs * share) return 'loop_delay';
  // The queue grows by what is begun, not by what is read or saved.
  return importance === 'new' && pressure.waitingJobs >= bounds.waitingJobs ? 'waiting_jobs' : null;
}
