/** What is said: numbered words as tones for the sandbox provider, speech for a real one, and a small picture. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dtmfSamples, numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../src/ai/sandbox/wav-file.ts';
import { pngOf } from './png.ts';

export type Sample = {
  readonly bytes: Uint8Array;
  readonly mimeType: string;
  readonly durationMs: number;
  readonly words: readonly string[];
  /** Of the words, the share that has to be heard. */
  readonly heardAtLeast: number;
};

const RATE = 8_000;
const FIRST_WORD = 500;
const WORDS = 12;

/** Six seconds that the sandbox provider reads to the letter. */
export function tones(): Sample {
  const words = numberedWords(WORDS, FIRST_WORD);
  const samples = dtmfSamples(words, { rate: RATE });
  const durationMs = Math.round((samples.length / RATE) * 1000);
  return { bytes: wavBytes(samples, RATE), mimeType: 'audio/wav', durationMs, words, heardAtLeast: 1 };
}

/**
 * Five seconds of `Sense and Sensibility`, read for LibriVox, whose recordings are in the public domain. Recognisers differ
 * in a word or two.
 */
export function speech(): Sample {
  return {
    bytes: readFileSync(join(import.meta.dirname, 'speech.ogg')),
    mimeType: 'audio/ogg;codecs=opus',
    durationMs: 5_300,
    words: 'unless to be rather cold hearted and rather selfish is to be ill disposed'.split(' '),
    heardAtLeast: 0.6,
  };
}

/** What the sandbox provider can read, or else speech. */
export function sampleFor(provider: string | undefined): Sample {
  return provider === undefined || provider === 'sandbox' ? tones() : speech();
}

const PICTURE_SIDE = 64;

/** A blue square with a yellow middle. */
export function picture(): { readonly bytes: Uint8Array; readonly mimeType: string } {
  const isMiddle = (at: number) => at > PICTURE_SIDE / 4 && at < (PICTURE_SIDE * 3) / 4;
  const bytes = pngOf(PICTURE_SIDE, (x, y) => (isMiddle(x) && isMiddle(y) ? [250, 200, 40] : [30, 60, 140]));
  return { bytes, mimeType: 'image/png' };
}
