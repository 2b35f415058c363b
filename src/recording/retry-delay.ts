import type { StepError } from './commands.ts';
import type { RetryPolicy } from './limits.ts';
import type { StepState } from './session.ts';

/**
 * How long to wait before the step's next attempt, in milliseconds, or null when there is to be none.
 *
 * 1 → 2 → 4 s …, at most 10 s, jittered to 50–100 % ("equal jitter", Brooker, AWS Architecture Blog 2015), so that
 * many sessions failing together don't come back together. A longer Retry-After is honoured as it is, unless it
 * asks for more than the policy's patience. An outage costs no try but ends with that patience.
 */
export function retryDelay(
  policy: RetryPolicy,
  step: Omit<StepState, 'generation'>,
  error: StepError,
  now: string,
  random: number,
): number | null {
  if (error.kind === 'permanent' || error.kind === 'input') return null;
  const failedBefore = step.attempts;
  const triesUsed = step.attempts - step.outages + (error.kind === 'outage' ? 0 : 1);
  if (triesUsed >= policy.tries) return null;
  const backoff = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.min(failedBefore, 16));
  const delay = Math.max(Math.round(backoff * (0.5 + random / 2)), error.retryAfterMs ?? 0);
  const away = error.kind === 'outage' ? Date.parse(now) - Date.parse(step.firstFailedAt ?? now) : 0;
  return away + delay > policy.patienceMs ? null : delay;
}
