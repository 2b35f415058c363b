/** What a virtual person says: numbered words as tones, cut into chunks between words, so that a chunk is so many words. */
import { levelsOf } from '../../bench/upload/long-recording.ts';
import type { Capture } from '../../client/src/upload/ports.ts';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { WORD_MS } from '../../src/ai/sandbox/dtmf/tones.ts';
import { pcm16, wavFileHeader } from '../../src/ai/sandbox/wav-file.ts';
import { between, randomFor } from '../draws.ts';

const RATE = 8_000;
const SAMPLES_A_WORD = (RATE * WORD_MS) / 1000;
/** Most say a few words; some so many that they are heard in several windows. */
const SHORT = { words: [3, 9], wordsAChunk: 2 } as const;
const LONG = { words: [36, 61], wordsAChunk: 10 } as const;
const LONG_SHARE = 0.04;

export const MIME_TYPE = 'audio/wav';

export type Spoken = {
  /** By this number of the run; no two words of it are the same. */
  readonly words: readonly string[];
  readonly wordsAChunk: number;
};

/** The same run says the same in its recording with this number. */
export function spokenIn(number: number, seed: number): Spoken {
  const random = randomFor(seed, `recording ${number}`);
  const { words, wordsAChunk } = random() < LONG_SHARE ? LONG : SHORT;
  const count = Math.floor(between(random, words[0], words[1]));
  return { words: numberedWords(count, (number * 7) % 1000), wordsAChunk };
}

/** As a recorder gives it: joined they are the file, whose head announces all of it. */
export function capturesOf({ words, wordsAChunk }: Spoken): Capture[] {
  const samples = dtmfSamples(words, { rate: RATE });
  const levels = levelsOf(samples, RATE);
  const captures: Capture[] = [];
  for (let first = 0; first < words.length; first += wordsAChunk) {
    const last = Math.min(words.length, first + wordsAChunk);
    const sound = pcm16(samples.subarray(first * SAMPLES_A_WORD, last * SAMPLES_A_WORD));
    const bytes = first === 0 ? Buffer.concat([wavFileHeader(samples.length, RATE), sound]) : sound;
    const [startMs, endMs] = [first * WORD_MS, last * WORD_MS];
    captures.push({
      bytes: new Uint8Array(bytes),
      startMs,
      endMs,
      levels: levels.slice(startMs / 100, endMs / 100),
    });
  }
  return captures;
}
