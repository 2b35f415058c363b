/**
 * Hears DTMF words: Goertzel's algorithm over blocks of 13 ms, every 4 ms, judged as ITU-T Q.24 asks. A block holds a
 * digit when the strongest low and the strongest high tone together are most of its energy and not too unequal. A run
 * of blocks with the same digit is a digit; digits less than 150 ms apart are one word. What is cut at an end shows as
 * it was heard ("04"); nothing is guessed.
 */
import { HIGH_HZ, KEYS, LOW_HZ } from './tones.ts';

export type HeardWord = { readonly word: string; readonly startMs: number; readonly endMs: number };

/** Decoding works at this rate; other audio is resampled before. */
export const DTMF_RATE = 8_000;

const BLOCK = 104; // 13 ms: half of a 60 ms tone's blocks lie wholly inside it, a 40 ms gap has several without a tone
const HOP = 32; // 4 ms
/** The pair holds at least this share of the block's energy; noise, speech and music stay below. */
const PURITY = 0.6;
/** Between the two tones. Q.24 lists 4 to 10 dB that a receiver must bear, by country; coders add some. */
const MAX_TWIST = 10 ** (12 / 10);
/** Q.24's receivers go down to about −25 dBm; a phone held far away is quieter, and purity keeps noise out. */
const MIN_LEVEL = 10 ** (-60 / 10);
/** Coders leave echoes of a tone around it (AAC's at −40 dB): what is so much weaker than what is near is not a tone. */
const MAX_FADE = 10 ** (24 / 10);
const NEAR_BLOCKS = 25;
/** Q.24, AT&T's column: a tone of 40 ms must be heard, one of 23 ms must not; an interruption of 10 ms is none. */
const MIN_TONE_MS = 24;
const MAX_BREAK_BLOCKS = 4;
const SAME_WORD_MS = 150;

/** @param samples mono at DTMF_RATE */
export function decodeDtmf(samples: Float32Array): HeardWord[] {
  return groupWords(digitsOf(samples));
}

type HeardDigit = { readonly digit: string; readonly startMs: number; readonly endMs: number };

function digitsOf(samples: Float32Array): HeardDigit[] {
  const digits: HeardDigit[] = [];
  let run: { digit: string; first: number; last: number } | null = null;
  const close = () => {
    if (run === null) return;
    // A tone is heard from the block that it half fills to the last such block.
    const startMs = ms(run.first * HOP + BLOCK / 4);
    const endMs = ms(run.last * HOP + (3 * BLOCK) / 4);
    if (endMs - startMs >= MIN_TONE_MS) digits.push({ digit: run.digit, startMs, endMs });
    run = null;
  };
  const energies = blockEnergies(samples);
  for (let block = 0; block < energies.length; block++) {
    const digit = isLoud(energies, block) ? digitAt(samples, block * HOP) : null;
    if (run !== null && digit === run.digit) run.last = block;
    else if (run !== null && digit === null && block - run.last <= MAX_BREAK_BLOCKS) continue;
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
const HANN_ENERGY = HANN.reduce((sum, weight) => sum + weight ** 2, 0);
const LOW = LOW_HZ.map(coefficient);
const HIGH = HIGH_HZ.map(coefficient);
const windowed = new Float64Array(BLOCK);

function coefficient(hertz: number): number {
  return 2 * Math.cos((2 * Math.PI * hertz) / DTMF_RATE);
}

/** Mean square of each block, by the window's weights. */
function blockEnergies(samples: Float32Array): Float64Array {
  const blocks = Math.max(0, Math.floor((samples.length - BLOCK) / HOP) + 1);
  return Float64Array.from({ length: blocks }, (_, block) => {
    let energy = 0;
    for (let i = 0; i < BLOCK; i++) energy += ((samples[block * HOP + i] ?? 0) * (HANN[i] ?? 0)) ** 2;
    return energy / HANN_ENERGY;
  });
}

function isLoud(energies: Float64Array, block: number): boolean {
  const energy = energies[block] ?? 0;
  if (energy < MIN_LEVEL) return false;
  const last = Math.min(energies.length - 1, block + NEAR_BLOCKS);
  for (let near = Math.max(0, block - NEAR_BLOCKS); near <= last; near++) {
    if ((energies[near] ?? 0) > energy * MAX_FADE) return false;
  }
  return true;
}

function digitAt(samples: Float32Array, offset: number): string | null {
  let energy = 0;
  for (let i = 0; i < BLOCK; i++) {
    const sample = (samples[offset + i] ?? 0) * (HANN[i] ?? 0);
    windowed[i] = sample;
    energy += sample * sample;
  }
  const low = strongest(LOW);
  const high = strongest(HIGH);
  const twist = low.power / high.power;
  if (!(twist <= MAX_TWIST && twist >= 1 / MAX_TWIST)) return null;
  // |X|² of a windowed sine of power P is P·(Σw)²/2; the block's energy is P·Σw²: their ratio for a pure pair is 1.
  const share = ((low.power + high.power) * 2 * HANN_ENERGY) / (HANN_SUM ** 2 * energy);
  if (share < PURITY) return null;
  return KEYS[low.index]?.[high.index] ?? null;
}

/** Of the tones given by their coefficients, the one with most power in `windowed`. */
function strongest(coefficients: readonly number[]): { index: number; power: number } {
  let best = { index: 0, power: -1 };
  for (const [index, c] of coefficients.entries()) {
    let s1 = 0;
    let s2 = 0;
    for (let i = 0; i < BLOCK; i++) {
      const s0 = (windowed[i] ?? 0) + c * s1 - s2;
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
