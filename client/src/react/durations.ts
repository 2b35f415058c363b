/** Times of a recording: as digits to be seen, in words to be heard. */

/** `00:07`, `12:34`, `1:02:03`: whole seconds gone by. */
export function clockTime(milliseconds: number): string {
  const { hours, minutes, seconds } = parts(milliseconds);
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${two(minutes)}:${two(seconds)}`;
}

/** Hours, minutes and whole seconds; what is not a time is 0. */
export function parts(milliseconds: number): { hours: number; minutes: number; seconds: number } {
  const all = Number.isFinite(milliseconds) ? Math.floor(Math.max(0, milliseconds) / 1000) : 0;
  return { hours: Math.floor(all / 3600), minutes: Math.floor(all / 60) % 60, seconds: all % 60 };
}
