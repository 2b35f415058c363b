/** More than the error of a sum of two million lengths, less than a sample. */
const NOISE_MS = 1e-5;

/**
 * A time as the room gives it to others: whole milliseconds, none below zero. Opus's times end on half ones (6.5 ms are
 * dropped), and which side of a half a sum of lengths falls on is chance: they go up, so that all who count agree.
 */
export function wholeMs(ms: number): number {
  return Math.round(Math.max(0, ms) + NOISE_MS);
}
