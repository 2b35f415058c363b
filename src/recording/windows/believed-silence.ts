/**
 * Where nothing sounds, as far as the meter can be believed. What is silent is not sent, so an error here loses words:
 * every doubt counts as sound, and costs only money.
 *
 * - A meter is believed once it has shown a range in this recording: a second of what is 15 dB louder than the floor.
 *   One that always says −90, or hears only a hum, is not.
 * - The floor is the quietest twentieth so far (at least a second); what lies within 6 dB of it is silence. A steady
 *   room varies by ± 2 dB in tenths of a second. A voice that drops to a whisper lies above it.
 * - A reading that stays exactly the same for half a second comes of a stuck or muted meter, not of a room. It is
 *   believed only when the same was seen, for shorter, between sounds before: microphones with a gate do that.
 *
 * Each tenth is judged by what came until then, never by what comes after: so nothing that was planned changes.
 */
import { createLevelCounts } from './level-counts.ts';

const RANGE_DB = 15;
const MARGIN_DB = 6;
const FLOOR_SHARE = 0.05;
/** Tenths. */
const LEAST_COUNT = 10;
const STUCK = 5;
const SEEN_BEFORE = 2;

export type Silence = {
  /** Whether nothing sounds in this tenth, by what was heard up to and with the tenth `asOf`. */
  isAt(tenth: number, asOf: number): boolean;
};

/** @param levels as in `Tenths` */
export function believedSilence(levels: Float64Array): Silence {
  const below = new Float64Array(levels.length);
  const stuck = new Uint8Array(levels.length);
  const counts = createLevelCounts();
  const seenShortly = new Map<number, number>();
  const isKnown = (level: number) => (seenShortly.get(Math.round(level)) ?? 0) >= SEEN_BEFORE;
  let runStart = 0;
  for (const [tenth, level] of levels.entries()) {
    const before = levels[tenth - 1];
    if (before !== undefined && before !== level) {
      const length = tenth - runStart;
      if (!Number.isNaN(before)) {
        if (length < STUCK)
          seenShortly.set(Math.round(before), (seenShortly.get(Math.round(before)) ?? 0) + 1);
        if (length < STUCK || isKnown(before)) counts.count(before, length);
      }
      runStart = tenth;
    }
    stuck[tenth] = tenth - runStart + 1 >= STUCK && !isKnown(level) ? 1 : 0;
    const floor = counts.lowest(Math.max(LEAST_COUNT, counts.size() * FLOOR_SHARE));
    const isCredible = counts.size() >= 2 * LEAST_COUNT && counts.highest(LEAST_COUNT) - floor >= RANGE_DB;
    below[tenth] = isCredible ? floor + MARGIN_DB : Number.NEGATIVE_INFINITY;
  }
  return {
    isAt: (tenth, asOf) =>
      (levels[tenth] ?? Number.NaN) <= (below[asOf] ?? Number.NEGATIVE_INFINITY) && stuck[tenth] === 0,
  };
}
