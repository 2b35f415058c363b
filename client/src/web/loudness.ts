/** dBFS of digital silence, as the ports have it. */
export const SILENCE = -100;

/** How loud samples of −1…1 are: their root mean square in dBFS, one decimal, −100…0. */
export function loudnessOf(sumOfSquares: number, samples: number): number {
  if (!(sumOfSquares > 0) || samples === 0) return SILENCE;
  const decibels = 10 * Math.log10(sumOfSquares / samples);
  return Math.round(Math.min(0, Math.max(SILENCE, decibels)) * 10) / 10;
}

export type Loudness = {
  /** The levels of the tenths of a second that these samples complete. */
  add(samples: Float32Array): number[];
};

/** Ten levels a second of samples that come in pieces of any length; what is left over counts for the next. */
export function createLoudness(sampleRate: number): Loudness {
  const size = Math.round(sampleRate / 10);
  let sum = 0;
  let count = 0;
  return {
    add(samples) {
      const levels: number[] = [];
      for (const sample of samples) {
        sum += sample * sample;
        count += 1;
        if (count < size) continue;
        levels.push(loudnessOf(sum, count));
        sum = 0;
        count = 0;
      }
      return levels;
    },
  };
}
