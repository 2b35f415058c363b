/**
 * An Ai that is kind to its provider: only so many calls at once (a bulkhead with a bounded queue), none while it is
 * away (a circuit breaker). It never tries again: that is decided from the event log.
 *
 *   closed ──`failures` in a row──▶ open ──`halfOpenAfterMs`──▶ half_open ──the one call that tries succeeds──▶ closed
 *                                     ▲──────────it fails───────────┘
 *
 * Only what speaks of the provider counts (unavailable, server_error, timeout): an answer that was refused, wrong or
 * rate-limited shows one that is there. While open, every call fails at once as `unavailable` and says for how long;
 * while half open, the others wait for how the one ends. All of it is in memory: after a crash the breaker is closed
 * and learns again, which costs as many calls as it counts.
 */
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  TaskCancelledError,
} from 'cockatiel';
import { type Ai, AiError, type AiErrorCode } from './ai.ts';
import { aroundEachCall } from './around-each-call.ts';

export interface Resilience {
  /** Calls at once. */
  readonly concurrency: number;
  /** Calls that may wait; one more fails with `unavailable`. */
  readonly queue: number;
  /** Failures in a row that open it, and how long it stays open. */
  readonly breaker: { readonly failures: number; readonly halfOpenAfterMs: number };
}

export const DEFAULT_RESILIENCE: Resilience = {
  concurrency: 32,
  queue: 500,
  breaker: { failures: 8, halfOpenAfterMs: 3_000 },
};

export type ResilienceOptions = Partial<Resilience> & {
  readonly onStateChange?: (state: BreakerState) => void;
};

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface ResilienceState {
  readonly breaker: BreakerState;
  readonly running: number;
  readonly waiting: number;
}

const COUNTED: readonly AiErrorCode[] = ['unavailable', 'server_error', 'timeout'];
/** When the queue is full: about how long a call takes. */
const QUEUE_FULL_RETRY_MS = 5_000;

export function resilientAi(ai: Ai, options: ResilienceOptions = {}): Ai & { state(): ResilienceState } {
  const { concurrency, queue, breaker: rule, onStateChange } = { ...DEFAULT_RESILIENCE, ...options };
  const { failures, halfOpenAfterMs } = rule;
  const hatch = bulkhead(concurrency, queue);
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof AiError && COUNTED.includes(error.code)),
    { breaker: new ConsecutiveBreaker(failures), halfOpenAfter: halfOpenAfterMs },
  );
  let openUntil = 0;
  breaker.onBreak(() => {
    openUntil = Date.now() + halfOpenAfterMs;
  });
  breaker.onStateChange((state) => onStateChange?.(named(state)));

  const away = () => {
    const leftMs = Math.max(1, openUntil - Date.now());
    return new AiError('unavailable', 'the provider is away; it is left alone for a while', leftMs);
  };

  async function guarded<T>(call: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    // Nothing is gained by waiting in the queue to be refused.
    if (breaker.state === CircuitState.Open && Date.now() < openUntil) throw away();
    try {
      return await orAborted(
        hatch.execute(() => breaker.execute(call, signal), signal),
        signal,
      );
    } catch (error) {
      if (error instanceof BulkheadRejectedError) {
        throw new AiError('unavailable', 'too many calls wait for the provider', QUEUE_FULL_RETRY_MS);
      }
      if (error instanceof BrokenCircuitError) throw away();
      if (error instanceof TaskCancelledError) throw signal.reason;
      throw error;
    }
  }

  return {
    ...aroundEachCall(ai, (_call, run, { signal }) => guarded(run, signal)),
    state: () => ({
      breaker: named(breaker.state),
      running: concurrency - hatch.executionSlots,
      waiting: queue - hatch.queueSlots,
    }),
  };
}

function named(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half_open' : 'open';
}

/** A call that waits in the queue ends when its caller gives up, not only when its turn comes. */
function orAborted<T>(running: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  running.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  return promise;
}
