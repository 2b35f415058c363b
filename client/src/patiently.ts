/** Trying again: how long, how often, and with whose clock. */
import { ApiError } from './api-error.ts';

export type Patience = {
  /** Given up when it has failed for so long, in milliseconds. */
  readonly patienceMs: number;
  /** Milliseconds; default 300. */
  readonly firstDelayMs?: number;
  /** Milliseconds; default 5,000. */
  readonly maxDelayMs?: number;
  /** Milliseconds since any fixed moment. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/** With the platform's clock and chance. */
export function systemPatience(patienceMs: number): Patience {
  return {
    patienceMs,
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
    random: () => Math.random(),
  };
}

/** However long the patience: 200 tries at 2.5–5 s are a quarter of an hour in which nothing got better. */
const MAX_TRIES = 200;

/**
 * The wait before the next try in milliseconds, or null when there is to be none: doubling, jittered to 50–100 %,
 * at least what the server asks for; the last try falls on the end of patience.
 * @param failed tries that failed before this one
 * @param failingMs since the first of them failed
 */
export function nextDelay(
  failed: number,
  error: unknown,
  failingMs: number,
  patience: Pick<Patience, 'patienceMs' | 'firstDelayMs' | 'maxDelayMs' | 'random'>,
): number | null {
  if (!(error instanceof ApiError) || !error.passing || failed + 1 >= MAX_TRIES) return null;
  const { firstDelayMs = 300, maxDelayMs = 5_000, patienceMs, random } = patience;
  const left = patienceMs - failingMs;
  const asked = error.retryAfterMs ?? 0;
  if (left <= 0 || asked > left) return null;
  const backoff = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failed, 16)) * (0.5 + random() / 2);
  return Math.min(left, Math.max(backoff, asked));
}

/**
 * Tries until it succeeds, cannot succeed, or patience ends; the last error is thrown. Patience is counted from the
 * first failure, not from the start: a slow upload that breaks after two minutes is tried again too.
 */
export async function patiently<T>(action: (attempt: number) => Promise<T>, patience: Patience): Promise<T> {
  let failingSince: number | null = null;
  for (let failed = 0; ; failed++) {
    try {
      return await action(failed + 1);
    } catch (error) {
      failingSince ??= patience.now();
      const delay = nextDelay(failed, error, patience.now() - failingSince, patience);
      if (delay === null) throw error;
      await patience.sleep(delay);
    }
  }
}
