/**
 * Lets so many calls through at once; a bounded number waits, in their order, save that a person's second call goes behind
 * everybody's first: who has many calls here keeps nobody else waiting. How many is the pace's word (pace.ts): after
 * a 429 all wait for its Retry-After and then go fewer at a time, instead of each failing by itself.
 *
 *   open ──429──▶ held ──its Retry-After has passed──▶ open, for fewer at once ──good answers──▶ open, for all
 *
 * A call waits for at most `waitMs`; if it is known at once that this will not do, it fails at once. In memory: after a
 * crash the pace is full again, and one 429 lowers it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import PQueue from 'p-queue';
import { AiError } from './ai.ts';
import { afterAnswer, afterRateLimit, fullPace, type Pace } from './pace.ts';

export type GateRule = {
  /** Calls at once, at most. */
  readonly concurrency: number;
  /** Calls that may wait; one more fails with `unavailable`. */
  readonly queue: number;
  /** For how long, in milliseconds. */
  readonly waitMs: number;
  /** Told how many may run at once: at first, and when it changes. */
  readonly onPace?: (atOnce: number) => void;
};

export type GateState = {
  readonly running: number;
  readonly waiting: number;
  /** As many may run now; fewer than `concurrency` after a 429. */
  readonly atOnce: number;
  /** The last 429; milliseconds since 1970. */
  readonly limitedAt: number | null;
  /** A call would go out at once. */
  readonly isFree: boolean;
};

export type CallGate = {
  /**
   * Ends with the signal too, whether the call waits or runs.
   * @param person whose call it is; those without one count as one person's
   * @throws AiError `unavailable` (too many wait), `rate_limited`; the signal's reason
   */
  through<T>(call: () => Promise<T>, signal: AbortSignal, person?: string): Promise<T>;
  state(): GateState;
};

/** When the queue is full or does not move: about how long a call takes. */
const FULL_RETRY_MS = 5_000;

/** `now`: milliseconds since 1970. */
export function createCallGate(
  { concurrency, queue: most, waitMs, onPace }: GateRule,
  now: () => number,
): CallGate {
  const queue = new PQueue({ concurrency });
  let pace = fullPace(concurrency);
  let release: NodeJS.Timeout | undefined;
  const callsOf = new Map<string, number>();
  onPace?.(concurrency);

  const heldMs = () => Math.max(0, pace.heldUntil - now());
  const isFree = () => queue.size === 0 && queue.pending < pace.atOnce && !queue.isPaused;

  function follow(next: Pace): void {
    const isOther = next.atOnce !== pace.atOnce;
    const isHeld = next.heldUntil !== pace.heldUntil;
    pace = next;
    if (isHeld) {
      queue.pause();
      clearTimeout(release);
      // By itself it keeps no process alive: what waits for it does.
      release = setTimeout(() => queue.start(), heldMs()).unref();
    }
    if (!isOther) return;
    queue.concurrency = pace.atOnce;
    onPace?.(pace.atOnce);
  }

  function refusal(): AiError {
    if (pace.atOnce === concurrency && heldMs() === 0)
      return new AiError('unavailable', 'too many calls wait for the provider', FULL_RETRY_MS);
    return new AiError('rate_limited', 'the provider asked for fewer calls', heldMs() || FULL_RETRY_MS);
  }

  async function paced<T>(call: () => Promise<T>): Promise<T> {
    const startedAt = now();
    try {
      const answer = await call();
      follow(afterAnswer(pace, concurrency));
      return answer;
    } catch (error) {
      if (error instanceof AiError && error.code === 'rate_limited') {
        const { retryAfterMs } = error;
        follow(afterRateLimit(pace, { now: now(), startedAt, running: queue.pending, retryAfterMs }));
      }
      throw error;
    }
  }

  return {
    async through(call, signal, person = '') {
      if (!isFree() && (queue.size >= most || heldMs() > waitMs)) throw refusal();
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(refusal()), waitMs);
      // It may be begun from within the call before it: its trace must stay its own.
      const run = AsyncLocalStorage.bind(() => {
        clearTimeout(timer);
        return paced(call);
      });
      const own = callsOf.get(person) ?? 0;
      callsOf.set(person, own + 1);
      try {
        // The higher goes first.
        return await queue.add(run, { priority: -own, signal: AbortSignal.any([signal, patience.signal]) });
      } finally {
        clearTimeout(timer);
        const left = (callsOf.get(person) ?? 1) - 1;
        if (left > 0) callsOf.set(person, left);
        else callsOf.delete(person);
      }
    },
    state: () => ({
      running: queue.pending,
      waiting: queue.size,
      atOnce: pace.atOnce,
      limitedAt: pace.limitedAt,
      isFree: isFree(),
    }),
  };
}
