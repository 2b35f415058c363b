/**
 * How many calls may be under way at once, by what the provider says of it: halved by a 429, then one more for each
 * `STEP_UP` good answers (additive increase, multiplicative decrease, as TCP does; RFC 5681, 3.1). Pure.
 */
export type Pace = {
  readonly atOnce: number;
  /** Good answers since it last changed. */
  readonly good: number;
  /** No call goes out before; milliseconds since 1970. */
  readonly heldUntil: number;
  /** The last 429. */
  readonly limitedAt: number | null;
};

const STEP_UP = 4;
/** What a 429 without Retry-After asks for. */
const HOLD_MS = 1_000;

export function fullPace(most: number): Pace {
  return { atOnce: most, good: 0, heldUntil: 0, limitedAt: null };
}

export function afterAnswer(pace: Pace, most: number): Pace {
  if (pace.atOnce >= most) return pace;
  const good = pace.good + 1;
  return good < STEP_UP ? { ...pace, good } : { ...pace, atOnce: pace.atOnce + 1, good: 0 };
}

export type RateLimit = {
  readonly now: number;
  /** When the refused call went out: those that were under way together are one refusal, and halve once. */
  readonly startedAt: number;
  /** Calls under way, the refused one included: half of what could be would change nothing. */
  readonly running: number;
  readonly retryAfterMs?: number | undefined;
};

export function afterRateLimit(pace: Pace, { now, startedAt, running, retryAfterMs }: RateLimit): Pace {
  const heldUntil = Math.max(pace.heldUntil, now + (retryAfterMs ?? HOLD_MS));
  const isKnown = pace.limitedAt !== null && startedAt <= pace.limitedAt;
  if (isKnown) return { ...pace, heldUntil };
  const atOnce = Math.max(1, Math.floor(Math.min(pace.atOnce, running) / 2));
  return { atOnce, good: 0, heldUntil, limitedAt: now };
}
