/** The last levels, as heights of bars. Pure. */
import type { Meter } from '../upload/recording-state.ts';

/** Four seconds at ten a second, and as many bars as 360 px hold. */
export const BARS = 40;
/** Quieter than this is drawn as silence: about the noise of a quiet room. */
const FLOOR_DB = -60;

export type LevelHistory = { readonly last: Meter; readonly heights: readonly number[] };

export function startHistory(last: Meter): LevelHistory {
  return { last, heights: Array.from({ length: BARS }, () => 0) };
}

/** The same object while the meter says the same. */
export function nextHistory(previous: LevelHistory, meter: Meter): LevelHistory {
  if (meter === previous.last) return previous;
  return { last: meter, heights: [...previous.heights.slice(1), heightOf(meter.level)] };
}

/** 0–1 of a level in dBFS. */
export function heightOf(level: number): number {
  return Number.isFinite(level) ? Math.min(1, Math.max(0, 1 - level / FLOOR_DB)) : 0;
}
