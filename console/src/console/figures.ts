/** Numbers and times as a person reads them. English, written as the browser's owner writes it. */

/** Before a percent sign, and before a unit: neither stands alone on a line. */
const NARROW = '\u202f';
const FIXED = '\u00a0';

/** `en-GB` when that is what the browser prefers of English. */
export function englishTag(languages: readonly string[]): string {
  return languages.find((language) => /^en(-|$)/i.test(language)) ?? 'en-GB';
}

const tag = () => englishTag(typeof navigator === 'undefined' ? [] : navigator.languages);

export function countText(count: number): string {
  return new Intl.NumberFormat(tag()).format(count);
}

/** @param share 0–1; one decimal below 10 % */
export function shareText(share: number | null): string {
  if (share === null) return '–';
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return `<${NARROW}0.1${NARROW}%`;
  return `${decimals(percent, percent > 0 && percent < 9.95 ? 1 : 0)}${NARROW}%`;
}

/** A stage: whole percents. */
export function percentText(percent: number): string {
  return `${decimals(percent, 0)}${NARROW}%`;
}

/** How long something took: `0.84 s`, `4.2 s`, `38 s`, `2 min 5 s`. */
export function durationText(milliseconds: number | null | undefined): string {
  if (milliseconds === null || milliseconds === undefined) return '–';
  const seconds = milliseconds / 1000;
  if (seconds < 0.995) return `${decimals(seconds, 2)}${FIXED}s`;
  if (seconds < 9.95) return `${decimals(seconds, 1)}${FIXED}s`;
  if (seconds < 119.5) return `${decimals(seconds, 0)}${FIXED}s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}${FIXED}min ${whole % 60}${FIXED}s`;
}

/** How long something has to last or has lasted, in its largest unit: `40 s`, `12 min`, `14 h`, `2 days`. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 99.5) return `${decimals(seconds, 0)}${FIXED}s`;
  if (seconds < 5970) return `${decimals(seconds / 60, 0)}${FIXED}min`;
  if (seconds < 47.5 * 3600) {
    const hours = Math.round(seconds / 3600);
    return hours === 24 ? '1 day' : `${hours}${FIXED}h`;
  }
  return `${decimals(seconds / 86_400, 0)}${FIXED}days`;
}

/** @param at ISO 8601; what is ahead of this device's clock has happened just now */
export function agoText(at: string, now: number): string {
  const elapsed = now - Date.parse(at);
  if (elapsed < 1_000) return 'just now';
  return `${spanText(elapsed)} ago`;
}

/** All of it, for a title: `24 Nov 2026, 12:04:31`. */
export function momentText(at: string | number): string {
  return new Intl.DateTimeFormat(tag(), { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(at));
}

/** `12:04:31`. */
export function clockText(at: number): string {
  return new Intl.DateTimeFormat(tag(), { timeStyle: 'medium' }).format(at);
}

/** A moment, as exact as a span of so many milliseconds needs: `12:04:31`, `12:04`, `24 Nov, 12:04`. */
export function tickText(at: number, spanMs: number): string {
  const seconds = spanMs < 600_000 ? ({ second: '2-digit' } as const) : {};
  const day = spanMs > 64_800_000 ? ({ day: 'numeric', month: 'short' } as const) : {};
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return new Intl.DateTimeFormat(tag(), { ...time, ...seconds, ...day }).format(at);
}

/** `24 Nov, 12:04`. */
export function dayTimeText(at: string): string {
  return tickText(Date.parse(at), Number.POSITIVE_INFINITY);
}

/** An e-value is a bet's odds: `3.2`, `0.04`, `1,250`, `2.1 million`. */
export function oddsText(eValue: number): string {
  if (eValue === 0) return '0';
  if (eValue < 0.01) return `<${NARROW}0.01`;
  if (eValue < 1) return decimals(eValue, 2);
  if (eValue < 99.5) return decimals(eValue, eValue < 9.95 ? 1 : 0);
  if (eValue >= 1e15) return 'over 10¹⁵';
  const compact = eValue >= 1e6 ? ({ notation: 'compact', compactDisplay: 'long' } as const) : {};
  return new Intl.NumberFormat(tag(), { maximumSignificantDigits: 3, ...compact }).format(eValue);
}

/** A mark of the axis: 0.01, 0.1, 1, 10, … */
export function tenText(value: number): string {
  return new Intl.NumberFormat(tag(), { maximumSignificantDigits: 1 }).format(value);
}

/** Chunked divided by single with its interval, all three as exact as the first needs: `0.17 × (0.08–0.35)`. */
export function ratioText({
  estimate,
  low,
  high,
}: Readonly<Record<'estimate' | 'low' | 'high', number>>): string {
  const digits = estimate < 0.0995 ? 3 : estimate < 9.995 ? 2 : 1;
  const [ratio, from, to] = [estimate, low, high].map((value) => decimals(value, digits));
  return `${ratio} × (${from}–${to})`;
}

/** One decimal: an expectation of users. */
export function expectedText(value: number): string {
  return decimals(value, value < 99.95 && !Number.isInteger(value) ? 1 : 0);
}

function decimals(value: number, digits: number): string {
  return new Intl.NumberFormat(tag(), {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(value);
}
