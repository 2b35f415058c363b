/**
 * Where somebody pauses: good places to cut, never a reason to leave something out (that is `believed-silence.ts`).
 *
 * A tenth is in a pause when it is near the floor of the last half minute: within 30 % of the range between the
 * quietest and the loudest tenth of that time, at least 3 and at most 10 dB. So it follows somebody who walks from the
 * kitchen to the street. Where there is next to no range (a hum, a constant) nothing is a pause.
 */
import { createLevelCounts } from './level-counts.ts';

const MEMORY = 300;
const LEAST_COUNT = 30;
const LEAST_RANGE_DB = 6;
/** Half a second of pause shows the floor; so little also of somebody who hardly ever pauses. */
const LEAST_PAUSE = 5;
const FLOOR_SHARE = 0.03;

/**
 * The dBFS at or below which a tenth is in a pause, by what was heard up to and with it; NaN where that cannot be said.
 *
 * @param levels as in `Tenths`
 */
export function pauseThresholds(levels: Float64Array): Float64Array {
  const counts = createLevelCounts();
  return levels.map((level, tenth) => {
    if (!Number.isNaN(level)) counts.count(level, 1);
    const forgotten = levels[tenth - MEMORY];
    if (forgotten !== undefined && !Number.isNaN(forgotten)) counts.count(forgotten, -1);
    const size = counts.size();
    if (size < LEAST_COUNT) return Number.NaN;
    const floor = counts.lowest(Math.max(LEAST_PAUSE, size * FLOOR_SHARE));
    const range = counts.highest(size / 10) - floor;
    if (range < LEAST_RANGE_DB) return Number.NaN;
    return floor + Math.min(10, Math.max(3, 0.3 * range));
  });
}
