import { believedSilence } from './believed-silence.ts';
import { pauseThresholds } from './pauses.ts';

/** What the levels say of each tenth of a second. Answers depend on no later tenth than the one that is asked about. */
export type Meter = {
  /** Tenths that arrived. */
  readonly length: number;
  /** dBFS; NaN when not known. */
  level(tenth: number): number;
  /** Pauses can be told from speech here. */
  tellsPauses(tenth: number): boolean;
  isPause(tenth: number): boolean;
  /** Nothing sounds in this tenth, by what was heard up to and with the tenth `asOf` (not before it). */
  isSilent(tenth: number, asOf: number): boolean;
};

/** @param levels as in `Tenths` */
export function readMeter(levels: Float64Array): Meter {
  const thresholds = pauseThresholds(levels);
  const silence = believedSilence(levels);
  const level = (tenth: number) => levels[tenth] ?? Number.NaN;
  const threshold = (tenth: number) => thresholds[tenth] ?? Number.NaN;
  return {
    length: levels.length,
    level,
    tellsPauses: (tenth) => !Number.isNaN(threshold(tenth)),
    isPause: (tenth) => level(tenth) <= threshold(tenth) || silence.isAt(tenth, tenth),
    isSilent: silence.isAt,
  };
}
