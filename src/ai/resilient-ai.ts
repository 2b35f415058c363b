/**
 * An Ai that is kind to its provider: only so many calls at once and fewer after a 429 (call-gate.ts), none while it is
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
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  TaskCancelledError,
} from 'cockatiel';
import { type Ai, AiError, type AiErrorCode, type CallOptions } from './ai.ts';
import { aroundEachCall } from './around-each-call.ts';
import { createCallGate, type GateRule, type GateState } from './call-gate.ts';

export interface Resilience extends Pick<GateRule, 'concurrency' | 'queue'> {
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
} & Pick<GateRule, 'onPace'>;

export type BreakerState = 'closed' | 'open' | 'half_open';

export interface ResilienceState extends GateState {
  readonly breaker: BreakerState;
}

const COUNTED: readonly AiErrorCode[] = ['unavailable', 'server_error', 'timeout'];
/** A call waits no longer for its turn: the attempt fails, costs no try, and the worker is free for other work. */
export const LONGEST_WAIT_MS = 20_000;

export function resilientAi(ai: Ai, options: ResilienceOptions = {}): Ai & { state(): ResilienceState } {
  const { breaker: rule, onStateChange, ...gateRule } = { ...DEFAULT_RESILIENCE, ...options };
  const { failures, halfOpenAfterMs } = rule;
  const gate = createCallGate({ ...gateRule, waitMs: LONGEST_WAIT_MS }, Date.now);
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

  async function guarded<T>(call: () => Promise<T>, { signal, person }: CallOptions): Promise<T> {
    signal.throwIfAborted();
    // Nothing is gained by waiting in the queue to be refused.
    if (breaker.state === CircuitState.Open && Date.now() < openUntil) throw away();
    try {
      return await gate.through(() => breaker.execute(call, signal), signal, person);
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw away();
      if (error instanceof TaskCancelledError) throw signal.reason;
      throw error;
    }
  }

  return {
    ...aroundEachCall(ai, (_call, run, options) => guarded(run, options)),
    state: () => ({ breaker: named(breaker.state), ...gate.state() }),
  };
}

function named(state: CircuitState): BreakerState {
  if (state === CircuitState.Closed) return 'closed';
  return state === CircuitState.HalfOpen ? 'half_open' : 'open';
}
