/** Numbers, sizes and times as people read them. `tag`: the language, as in BCP 47. */

export function bytesText(bytes: number, tag: string): string {
  const unit = bytes < 1_000_000 ? 'kilobyte' : 'megabyte';
  const value = bytes / (unit === 'kilobyte' ? 1_000 : 1_000_000);
  const maximumFractionDigits = value < 10 && value > 0 ? 1 : 0;
  return new Intl.NumberFormat(tag, {
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits,
  }).format(value);
}

/** The day only when it is another one; the year only when it is another one. */
export function whenText(at: Date, now: Date, tag: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = (date: Date) => new Intl.DateTimeFormat('en-CA', { dateStyle: 'short', ...zone }).format(date);
  const time = { hour: 'numeric', minute: '2-digit' } as const;
  const date = { month: 'short', day: 'numeric' } as const;
  const year = { year: 'numeric' } as const;
  const today = day(at) === day(now);
  const thisYear = day(at).slice(0, 4) === day(now).slice(0, 4);
  return new Intl.DateTimeFormat(tag, {
    ...time,
    ...(today ? {} : date),
    ...(thisYear ? {} : year),
    ...zone,
  }).format(at);
}

/** A place in a recording, as players write it: `0:12`, `1:02:07`. */
export function placeText(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
