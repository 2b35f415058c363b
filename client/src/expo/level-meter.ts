import { LEVELS_A_SECOND, levelOf } from './levels.ts';

/** Loudness as it is recorded: one level for each tenth of a second of sound, with the recorded time at its end. */
export function createLevelMeter(
  sampleRate: number,
  onLevel: (level: number, elapsedMs: number) => void,
): { push(samples: Int16Array): void } {
  const window = new Int16Array(Math.round(sampleRate / LEVELS_A_SECOND));
  let filled = 0;
  let heard = 0;
  return {
    push(samples) {
      for (let at = 0; at < samples.length; ) {
        const count = Math.min(window.length - filled, samples.length - at);
        window.set(samples.subarray(at, at + count), filled);
        filled += count;
        heard += count;
        at += count;
        if (filled < window.length) return;
        filled = 0;
        onLevel(levelOf(window), Math.round((heard * 1000) / sampleRate));
      }
    },
  };
}
