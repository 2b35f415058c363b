/**
 * DTMF as words. ITU-T Q.23: each key is a pair of tones, one of a low and one of a high group. A spoken word here is
 * a group of three digits, each 60 ms of tone and 40 ms of silence, and 200 ms more after the group: half a second a
 * word, 120 words a minute.
 */
export const LOW_HZ = [697, 770, 852, 941] as const;
export const HIGH_HZ = [1209, 1336, 1477] as const;

/** Rows are the low tones, columns the high ones (Q.23); the fourth column (A–D) is not used. */
export const KEYS = ['123', '456', '789', '*0#'] as const;

export const TONE_MS = 60;
export const GAP_MS = 40;
export const WORD_GAP_MS = 200;
export const DIGITS_PER_WORD = 3;
export const WORD_MS = DIGITS_PER_WORD * (TONE_MS + GAP_MS) + WORD_GAP_MS;

/** The two frequencies of a digit, in Hz. */
export function tonesOf(digit: string): readonly [number, number] {
  const row = KEYS.findIndex((keys) => keys.includes(digit));
  const column = KEYS[row]?.indexOf(digit) ?? -1;
  const low = LOW_HZ[row];
  const high = HIGH_HZ[column];
  if (low === undefined || high === undefined) throw new RangeError(`no DTMF digit: ${digit}`);
  return [low, high];
}
