import { ApiError } from './api-error.ts';

export type Patience = {
  /** Tried again for so long, in milliseconds. */
  readonly patienceMs: number;
  readonly firstDelayMs?: number;
  readonly maxDelayMs?: number;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Uniform in [0, 1). */
  readonly random: () => number;
};

/**
 * The wait before the next try in milliseconds, or null when there is to be none: doubling, jittered to 50–100 %,
 * at least what the server asks for.
 */
export function nextDelay(
  failed: number,
  error: unknown,
  waitedMs: number,
  patience: Patience,
): number | null {
  if (!(error instanceof ApiError) || !error.passing) return null;
  const { firstDelayMs = 300, maxDelayMs = 5_000, patienceMs, random } = patience;
  const backoff = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failed, 16));
  const delay = Math.max(backoff * (0.5 + random() / 2), error.retryAfterMs ?? 0);
  return waitedMs + delay > patienceMs ? null : delay;
}

/** Tries until it succeeds, cannot succeed, or patience ends; the last error is thrown. */
export async function patiently<T>(action: (attempt: number) => Promise<T>, patience: Patience): Promise<T> {
  const started = patience.now();
  for (let failed = 0; ; failed++) {
    try {
      return await action(failed + 1);
    } catch (error) {
      const delay = nextDelay(failed, error, patience.now() - started, patience);
      if (delay === null) throw error;
      await patience.sleep(delay);
    }
  }
}
