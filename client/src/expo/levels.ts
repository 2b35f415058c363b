/** Loudness of samples, as the server's pauses and the meter want it: dBFS of the root mean square, ten a second. */

export const LEVELS_A_SECOND = 10;
/** Digital silence. */
const SILENCE = -100;

/** dBFS with one decimal; −100 for digital silence or nothing at all. A sine of full scale is at −3. */
export function levelOf(samples: Int16Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  if (sum === 0) return SILENCE;
  const level = 20 * Math.log10(Math.sqrt(sum / samples.length) / 32_768);
  return Math.max(SILENCE, Math.round(level * 10) / 10);
}

/** One a tenth of a second; what is left at the end counts when it is half of that, or all there is. */
export function levelsOf(samples: Int16Array, sampleRate: number): number[] {
  const window = Math.round(sampleRate / LEVELS_A_SECOND);
  const count = Math.max(Math.min(1, samples.length), Math.round(samples.length / window));
  return Array.from({ length: count }, (_, i) =>
    levelOf(samples.subarray(i * window, i === count - 1 ? samples.length : (i + 1) * window)),
  );
}
