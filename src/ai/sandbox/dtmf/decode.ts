/**
 * Hears DTMF words (Goertzel's algorithm, after ITU-T Q.24): blocks of 12 ms every 4 ms; a block holds a digit when
 * one low and one high tone stand out from the rest and are not too unequal (twist). A run of blocks with the same
 * digit is a digit; digits less than 150 ms apart are one word. What is cut at an end shows as it was heard ("04").
 */
import { HIGH_HZ, KEYS, LOW_HZ } from './tones.ts';

export type HeardWord = { readonly word: string; readonly startMs: number; readonly endMs: number };

/** Decoding works at this rate; other audio is resampled before. */
export const DTMF_RATE = 8_000;

const BLOCK = 104; // 13 ms: tones of the two groups are told apart, half of a 60 ms tone's blocks lie wholly inside it
const HOP = 32; // 4 ms
/** The pair holds at least this share of the block's energy; speech and music stay below. */
const PURITY = 0.6;
/** Between the two tones: Q.24 asks for 4 dB and 8 dB at least; coders add some. */
const MAX_TWIST = 10 ** (10 / 10);
const MIN_LEVEL = 10 ** (-45 / 10);
/** Q.24: a signal of less than 23 ms is to be rejected, one of 40 ms accepted. */
const MIN_TONE_MS = 24;
const SAME_WORD_MS = 150;

export function decodeDtmf(samples: Float32Array): HeardWord[] {
  return groupWords(digitsOf(samples));
}

type HeardDigit = { readonly digit: string; readonly startMs: number; readonly endMs: number };

function digitsOf(samples: Float32Array): HeardDigit[] {
  const digits: HeardDigit[] = [];
  let run: { digit: string; first: number; last: number } | null = null;
  const close = () => {
    if (run === null) return;
    const startMs = ms(run.first * HOP + BLOCK / 4);
    const endMs = ms(run.last * HOP + (3 * BLOCK) / 4);
    if (endMs - startMs >= MIN_TONE_MS) digits.push({ digit: run.digit, startMs, endMs });
    run = null;
  };
  const blocks = Math.floor((samples.length - BLOCK) / HOP) + 1;
  for (let block = 0; block < blocks; block++) {
    const digit = digitAt(samples, block * HOP);
    if (run !== null && digit === run.digit) run.last = block;
    // One block that says nothing inside a tone is a coder's hiccup, not a gap.
    else if (run !== null && digit === null && block - run.last <= 2) continue;
    else {
      close();
      if (digit !== null) run = { digit, first: block, last: block };
    }
  }
  close();
  return digits;
}

function ms(sample: number): number {
  return (sample / DTMF_RATE) * 1000;
}

const HANN = Float64Array.from(
  { length: BLOCK },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / BLOCK),
);
const HANN_SUM = HANN.reduce((sum, weight) => sum + weight, 0);
const LOW = LOW_HZ.map(coefficient);
const HIGH = HIGH_HZ.map(coefficient);

function coefficient(hertz: number): number {
  return 2 * Math.cos((2 * Math.PI * hertz) / DTMF_RATE);
}

function digitAt(samples: Float32Array, offset: number): string | null {
  let energy = 0;
  for (let i = 0; i < BLOCK; i++) energy += ((samples[offset + i] ?? 0) * (HANN[i] ?? 0)) ** 2;
  if (energy / HANN_SUM < MIN_LEVEL) return null;
  const low = strongest(samples, offset, LOW);
  const high = strongest(samples, offset, HIGH);
  const twist = low.power / high.power;
  if (twist > MAX_TWIST || twist < 1 / MAX_TWIST) return null;
  // |X|² of a windowed sine of power P is P·(Σw)²/2; the block's energy is P·Σw²: their ratio for a pure pair is 1.
  const share = ((low.power + high.power) * 2 * HANN_ENERGY) / (HANN_SUM ** 2 * energy);
  if (share < PURITY) return null;
  return KEYS[low.index]?.[high.index] ?? null;
}

const HANN_ENERGY = HANN.reduce((sum, weight) => sum + weight ** 2, 0);

function strongest(
  samples: Float32Array,
  offset: number,
  coefficients: readonly number[],
): { index: number; power: number } {
  let best = { index: 0, power: -1 };
  for (const [index, c] of coefficients.entries()) {
    let s1 = 0;
    let s2 = 0;
    for (let i = 0; i < BLOCK; i++) {
      const s0 = (samples[offset + i] ?? 0) * (HANN[i] ?? 0) + c * s1 - s2;
      s2 = s1;
      s1 = s0;
    }
    const power = s1 * s1 + s2 * s2 - c * s1 * s2;
    if (power > best.power) best = { index, power };
  }
  return best;
}

function groupWords(digits: readonly HeardDigit[]): HeardWord[] {
  const words: { word: string; startMs: number; endMs: number }[] = [];
  for (const { digit, startMs, endMs } of digits) {
    const last = words.at(-1);
    if (last !== undefined && startMs - last.endMs < SAME_WORD_MS && last.word.length < 3) {
      last.word += digit;
      last.endMs = endMs;
    } else words.push({ word: digit, startMs, endMs });
  }
  return words;
}
