/**
 * The way to the provider: a call waits for its tokens (budgeted-ai.ts) and its turn (resilient-ai.ts), one that is slow
 * is asked twice (hedged-ai.ts), and each is counted as it goes out; and how it stands with that, for those on call. It
 * is what this process saw since it started; another node may see otherwise. What the breaker, the full queue or the
 * budget turns away did not go out, and is not counted.
 */
import { AI_CALLS, type Ai, type AiCall, AiError, type AiErrorCode, type Tokens } from './ai.ts';
import { aroundEachCall } from './around-each-call.ts';
import { budgetedAi } from './budgeted-ai.ts';
import { type CallSummary, createCallRing } from './call-ring.ts';
import { type HedgeOutcome, type Hedging, hedgedAi } from './hedged-ai.ts';
import {
  type BreakerState,
  DEFAULT_RESILIENCE,
  LONGEST_WAIT_MS,
  type Resilience,
  resilientAi,
} from './resilient-ai.ts';

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

/** Told what the provider is asked, for metrics. */
export type ProviderWatch = {
  readonly onBreaker: (state: BreakerState) => void;
  readonly onHedge: (outcome: HedgeOutcome) => void;
  /** How many calls may run at once: at first, and when it changes. */
  readonly onPace: (atOnce: number) => void;
  /** Of each transcription that goes out, where its length is known; what is asked twice is told twice. */
  readonly onSoundSent: (seconds: number) => void;
  /** Of each answer that says what it took. */
  readonly onTokens: (tokens: Tokens) => void;
};

export const NOBODY_WATCHES: ProviderWatch = {
  onBreaker: () => undefined,
  onHedge: () => undefined,
  onPace: () => undefined,
  onSoundSent: () => undefined,
  onTokens: () => undefined,
};

export type ProviderOptions = {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly resilience?: Resilience;
  /** Slow transcriptions are asked for twice; without it none is. */
  readonly hedging?: Hedging | undefined;
  /** Of chat calls; without it there is none. */
  readonly tokensPerMinute?: number | undefined;
  readonly watch?: ProviderWatch;
};

/** Nothing is asked twice for so long after a 429. */
const CALM_AFTER_MS = 30_000;

export function wayToProvider(bare: Ai, options: ProviderOptions): Provider {
  const { now, resilience = DEFAULT_RESILIENCE, hedging, tokensPerMinute, watch = NOBODY_WATCHES } = options;
  const iso = (ms: number) => new Date(ms).toISOString();
  const records = Object.fromEntries(AI_CALLS.map((call) => [call, createRecord()])) as Record<
    AiCall,
    CallRecord
  >;
  const startedAt = iso(now());
  let breaker: ProviderState['breaker'] = { state: 'closed', since: startedAt };

  const told: Ai = {
    ...bare,
    transcribe(audio, call) {
      if (audio.durationMs !== undefined) watch.onSoundSent(audio.durationMs / 1000);
      return bare.transcribe(audio, call);
    },
  };
  const counted = aroundEachCall(told, async (call, run) => {
    const record = records[call];
    const started = now();
    record.inFlight += 1;
    try {
      const answer = await run();
      record.ring.answered(now(), now() - started);
      if (answer.tokens !== undefined) watch.onTokens(answer.tokens);
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
    onPace: watch.onPace,
    onStateChange(state) {
      const isSame = (state === 'closed') === (breaker.state === 'closed');
      breaker = { state, since: isSame ? breaker.since : iso(now()) };
      watch.onBreaker(state);
    },
  });

  const isCalm = () => {
    const { breaker: is, isFree, limitedAt } = resilient.state();
    return is === 'closed' && isFree && (limitedAt === null || now() - limitedAt >= CALM_AFTER_MS);
  };
  const budgeted =
    tokensPerMinute === undefined
      ? resilient
      : budgetedAi(resilient, { tokensPerMinute, waitMs: LONGEST_WAIT_MS }, now);
  const { onHedge } = watch;
  const ai = hedging === undefined ? budgeted : hedgedAi(budgeted, { ...hedging, isCalm, now, onHedge });

  const stateOf = ({ inFlight, ring, lastFailure }: CallRecord): CallsState => ({
    inFlight,
    last5Minutes: ring.summary(now(), 5),
    last60Minutes: ring.summary(now(), 60),
    lastFailure,
  });
  return {
    ai,
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
