const SPAN = /^(\d{1,5})([hd])$/;
const HOUR_MS = 3_600_000;

/** `7d`, `36h`, a date or an ISO time, as an ISO time; null when it is none of these. */
export function sinceOf(text: string, now: Date): string | null {
  const [, count, unit] = SPAN.exec(text) ?? [];
  if (count !== undefined)
    return new Date(now.getTime() - Number(count) * (unit === 'd' ? 24 : 1) * HOUR_MS).toISOString();
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
