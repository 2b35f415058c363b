/**
 * How fast uploads were, remembered over launches in a small file: a phone at the end of a valley chooses the compact
 * encoding for the first recording of the day too. Two uploads at once each see half of the link: the estimate is on the
 * low side, which is the safe one. Losing the file costs one measurement.
 */
import type { FileSystemModules } from './expo-modules.ts';

export interface LinkSpeed {
  /** Bytes a second, smoothed; null before the first measurement. */
  readonly bytesPerSecond: number | null;
  measured(bytes: number, milliseconds: number): void;
}

/** Weight of the newest. */
const WEIGHT = 0.3;
/** Of a smaller body the round trip is measured, not the link. */
const ENOUGH_BYTES = 16 * 1024;

export function createLinkSpeed({ File, Paths }: FileSystemModules): LinkSpeed {
  const file = new File(Paths.document.uri, 'thankly-link-speed.json');
  let bytesPerSecond = remembered();

  function remembered(): number | null {
    try {
      const value: unknown = JSON.parse(file.textSync()).bytesPerSecond;
      return typeof value === 'number' && value > 0 && Number.isFinite(value) ? value : null;
    } catch {
      return null; // none yet, or torn: it is measured anew
    }
  }

  return {
    get bytesPerSecond() {
      return bytesPerSecond;
    },
    measured(bytes, milliseconds) {
      if (bytes < ENOUGH_BYTES || milliseconds <= 0) return;
      const now = (bytes / milliseconds) * 1000;
      bytesPerSecond = bytesPerSecond === null ? now : bytesPerSecond + WEIGHT * (now - bytesPerSecond);
      try {
        file.write(JSON.stringify({ bytesPerSecond: Math.round(bytesPerSecond) }));
      } catch {
        // A full disk: the next launch measures anew.
      }
    },
  };
}
