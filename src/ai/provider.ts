/**
 * The way to the provider: each call counted as it goes out, behind the breaker and the bulkhead of resilient-ai.ts; and
 * how it stands with that, for those on call. It is what this process saw since it started; another node may see
 * otherwise. What the breaker or the full queue turns away did not go out, and is not counted.
 */
import { AI_CALLS, type Ai, type AiCall, AiError, type AiErrorCode } from './ai.ts';
import { aroundEachCall } from './around-each-call.ts';
import { type CallSummary, createCallRing } from './call-ring.ts';
import { type BreakerState, DEFAULT_RESILIENCE, type Resilience, resilientAi } from './resilient-ai.ts';

export type CallsState = {
  readonly inFlight: number;
  readonly last5Minutes: CallSummary;
  readonly last60Minutes: CallSummary;
  /** However long ago. ISO 8601, UTC. */
  readonly lastFailure: { readonly code: AiErrorCode; readonly at: string } | null;
};

export type ProviderState = {
  /** ISO 8601, UTC: nothing is known of what was before. */
  readonly startedAt: string;
  /** Since when it is closed, or is not: that it tries in between (half open) changes nothing. ISO 8601, UTC. */
  readonly breaker: { readonly state: BreakerState; readonly since: string };
  /** Calls that wait for their turn. */
  readonly waiting: number;
  readonly calls: Readonly<Record<AiCall, CallsState>>;
  readonly resilience: Resilience;
};

export type Provider = { readonly ai: Ai; readonly state: () => ProviderState };

export type ProviderOptions = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly resilience?: Resilience;
  readonly onStateChange?: (state: BreakerState) => void;
};

export function wayToProvider(bare: Ai, options: ProviderOptions): Provider {
  const { now, resilience = DEFAULT_RESILIENCE, onStateChange } = options;
  const iso = (ms: number) => new Date(ms).toISOString();
  const records = Object.fromEntries(AI_CALLS.map((call) => [call, createRecord()])) as Record<
    AiCall,
    CallRecord
  >;
  const startedAt = iso(now());
  let breaker: ProviderState['breaker'] = { state: 'closed', since: startedAt };

  const counted = aroundEachCall(bare, async (call, run) => {
    const record = records[call];
    const started = now();
    record.inFlight += 1;
    try {
      const answer = await run();
      record.ring.answered(now(), now() - started);
      return answer;
    } catch (error) {
      // An abort is its caller's, and says nothing of the provider.
      if (error instanceof AiError) {
        record.ring.failed(now());
        record.lastFailure = { code: error.code, at: iso(now()) };
      }
      throw error;
    } finally {
      record.inFlight -= 1;
    }
  });
  const resilient = resilientAi(counted, {
    ...resilience,
    onStateChange(state) {
      const isSame = (state === 'closed') === (breaker.state === 'closed');
      breaker = { state, since: isSame ? breaker.since : iso(now()) };
      onStateChange?.(state);
    },
  });

  const stateOf = ({ inFlight, ring, lastFailure }: CallRecord): CallsState => ({
    inFlight,
    last5Minutes: ring.summary(now(), 5),
    last60Minutes: ring.summary(now(), 60),
    lastFailure,
  });
  return {
    ai: resilient,
    state: () => ({
      startedAt,
      breaker,
      waiting: resilient.state().waiting,
      calls: Object.fromEntries(AI_CALLS.map((call) => [call, stateOf(records[call])])) as Record<
        AiCall,
        CallsState
      >,
      resilience,
    }),
  };
}

type CallRecord = {
  inFlight: number;
  readonly ring: ReturnType<typeof createCallRing>;
  lastFailure: CallsState['lastFailure'];
};

function createRecord(): CallRecord {
  return { inFlight: 0, ring: createCallRing(), lastFailure: null };
}
