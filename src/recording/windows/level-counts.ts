import { LOUDEST, QUIETEST } from './tenths.ts';

/** How often each level (to a whole dB) was seen; levels come and go. */
export type LevelCounts = {
  readonly size: () => number;
  /** @param times negative to take it out again */
  count(level: number, times: number): void;
  /** The level at or under which so many of the counted lie. */
  lowest(many: number): number;
  /** The level at or over which so many of the counted lie. */
  highest(many: number): number;
};

export function createLevelCounts(): LevelCounts {
  const bins = new Int32Array(LOUDEST - QUIETEST + 1);
  let size = 0;
  return {
    size: () => size,
    count(level, times) {
      const bin = Math.round(level) - QUIETEST;
      bins[bin] = (bins[bin] ?? 0) + times;
      size += times;
    },
    lowest(many) {
      let seen = 0;
      for (let bin = 0; bin < bins.length; bin += 1) {
        seen += bins[bin] ?? 0;
        if (seen >= many) return bin + QUIETEST;
      }
      return LOUDEST;
    },
    highest(many) {
      let seen = 0;
      for (let bin = bins.length - 1; bin >= 0; bin -= 1) {
        seen += bins[bin] ?? 0;
        if (seen >= many) return bin + QUIETEST;
      }
      return QUIETEST;
    },
  };
}
