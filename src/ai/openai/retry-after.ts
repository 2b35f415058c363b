/** Longer than this we don't wait on a provider's word alone. */
export const MAX_RETRY_AFTER_MS = 5 * 60_000;

/**
 * Milliseconds that the provider asks us to wait; undefined when it doesn't. RFC 9110, 10.2.3:
 * "Retry-After = HTTP-date / delay-seconds". OpenAI's `retry-after-ms` is more exact and goes first.
 */
export function retryAfterMs(headers: Headers | undefined, now: number = Date.now()): number | undefined {
  const exact = parsed(headers?.get('retry-after-ms'), (value) => value);
  const value = headers?.get('retry-after');
  const ms = exact ?? parsed(value, (seconds) => seconds * 1000) ?? untilDate(value, now);
  return ms === undefined ? undefined : Math.min(MAX_RETRY_AFTER_MS, Math.max(0, Math.ceil(ms)));
}

function parsed(value: string | null | undefined, toMs: (value: number) => number): number | undefined {
  return value != null && /^\d{1,15}(\.\d{1,9})?$/.test(value.trim()) ? toMs(Number(value)) : undefined;
}

function untilDate(value: string | null | undefined, now: number): number | undefined {
  // Only what looks like a date: Date.parse also takes "-5".
  const at = value != null && /^[A-Z][a-z]{2,8},? /.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : at - now;
}
