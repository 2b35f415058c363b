/**
 * An Ai that asks for no more tokens than it may in a minute. What was asked for drains away over a minute (a leaky
 * bucket): a call takes an estimate out of it before it goes, in the order of asking, and waits until there is room, or
 * fails at once as `rate_limited` when that would take longer than it may wait. Its answer says what it was, and the
 * estimate is put right; what never reached a model is given back.
 *
 * Chat only: transcriptions are counted in seconds of sound. In memory, and of this process: after a crash the budget is
 * whole, and the provider's own limit answers what was too much.
 */
import { type Ai, AiError } from './ai.ts';
import { aroundEachCall } from './around-each-call.ts';
import { estimatedTokens } from './estimated-tokens.ts';

export type TokenBudget = {
  readonly tokensPerMinute: number;
  /** For how long a call waits for its tokens at most; milliseconds. */
  readonly waitMs: number;
};

/** `now`: milliseconds, of a clock that need not be the day's. */
export function budgetedAi(ai: Ai, { tokensPerMinute, waitMs }: TokenBudget, now: () => number): Ai {
  const tokensPerMs = tokensPerMinute / 60_000;
  let taken = 0;
  let takenAt = now();

  function take(tokens: number): void {
    const at = now();
    taken = Math.max(0, taken - (at - takenAt) * tokensPerMs + tokens);
    takenAt = at;
  }

  function msUntilRoomFor(tokens: number): number {
    take(0);
    // One that is larger than the budget has its turn when nothing else is in it.
    const over = taken + Math.min(tokens, tokensPerMinute) - tokensPerMinute;
    return Math.ceil(Math.max(0, over) / tokensPerMs);
  }

  return aroundEachCall(ai, async (call, run, { signal }, input) => {
    if (call === 'transcribe') return run();
    const estimate = estimatedTokens(call, input);
    const untilMs = msUntilRoomFor(estimate);
    if (untilMs > waitMs) throw new AiError('rate_limited', 'our tokens of this minute are used up', untilMs);
    take(estimate);
    let used = 0;
    try {
      if (untilMs > 0) await passed(untilMs, signal);
      used = estimate;
      const answer = await run();
      if (answer.tokens !== undefined) used = answer.tokens.in + answer.tokens.out;
      return answer;
    } catch (error) {
      if (neverReachedAModel(error)) used = 0;
      throw error;
    } finally {
      take(used - estimate);
    }
  });
}

/** @throws the signal's reason */
function passed(milliseconds: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  const timer = setTimeout(resolve, milliseconds);
  signal.addEventListener('abort', abort, { once: true });
  return promise.finally(() => {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  });
}

function neverReachedAModel(error: unknown): boolean {
  return error instanceof AiError && (error.code === 'unavailable' || error.code === 'rate_limited');
}
