/** How long a PUT may take before it is taken for stalled, cut and sent again. */

/** For the connection, the answer and a store that is slow for a moment. */
const BASE_MS = 8_000;
/** While nothing was measured: 64 kbit/s, the slowest link a recording at 64 kbit/s can live on. */
const UNMEASURED = 8;
/** A link may get so much slower than it was measured, before we doubt that anything moves at all. */
const SLOWER = 4;
/** Slower than this is taken for stalled: 16 kbit/s. */
const SLOWEST = 2;
const MOST_MS = 30 * 60_000;

/**
 * Milliseconds for `bytes` at the measured `speed` (bytes a millisecond; null: none yet). Each failure in a row doubles
 * it: a time-out that was too short must not cut the same upload for ever.
 */
export function uploadTimeout(bytes: number, speed: number | null, failures: number): number {
  const expected = bytes / Math.max(SLOWEST, speed === null ? UNMEASURED : speed / SLOWER);
  return Math.min(MOST_MS, (BASE_MS + expected) * 2 ** Math.min(failures, 4));
}
