/** A recording of random length, speed, pauses, format and cut, the same for the same seed. */
import { dtmfSamples, mulberry32, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { DIGITS_PER_WORD, GAP_MS, TONE_MS } from '../../src/ai/sandbox/dtmf/tones.ts';
import { levelsOf } from '../upload/long-recording.ts';

export type Format = 'Opus' | 'AAC';
export type Mode = 'stream' | 'segments';

export type Kind = {
  readonly format: Format;
  readonly mode: Mode;
  /** Of segments: one may end within a tone, which then lies across two files. */
  readonly cutsTones: boolean;
};

export type DrawnRecording = {
  readonly seed: number;
  readonly format: Format;
  readonly mode: Mode;
  readonly words: readonly string[];
  /** Mono. */
  readonly samples: Float32Array;
  /** Where it is cut into chunks, in milliseconds: the end of each. */
  readonly cuts: readonly number[];
  /** Of which words a tone lies across two files: their places, in order. */
  readonly cutWords: readonly number[];
  /** Ten a second; null: this recorder has no meter. */
  readonly levels: readonly number[] | null;
  /** For a person who looks for what went wrong. */
  readonly name: string;
};

/** Samples a second; what phones and browsers record. */
export const RATE = 48_000;
const MIN_WORDS = 4;
const MAX_WORDS = 240;
/** Added to each word: from 120 words a minute to 60. */
const MAX_SLOWER_MS = 500;
const NOISE = 0.001;

export function drawRecording(seed: number, { format, mode, cutsTones }: Kind): DrawnRecording {
  const random = mulberry32(seed * 2_654_435);
  const between = (min: number, max: number) => min + random() * (max - min);
  const count = Math.round(MIN_WORDS * (MAX_WORDS / MIN_WORDS) ** random());
  const words = numberedWords(count, Math.floor(random() * 1000));
  const slowerMs = random() < 0.4 ? 0 : between(0, MAX_SLOWER_MS);
  /** A pause after a word: never, in one of five. */
  const pausing = random() < 0.2 ? 0 : between(0.02, 0.25);
  const parts: Float32Array[] = [silence(random, between(0, 1_500))];
  /** Where each word begins, in samples. */
  const begins: number[] = [];
  let length = parts[0]?.length ?? 0;
  const add = (part: Float32Array) => {
    parts.push(part);
    length += part.length;
  };
  for (const word of words) {
    begins.push(length);
    add(dtmfSamples([word], { rate: RATE, noise: NOISE, seed: Math.floor(random() * 1e6) }));
    add(silence(random, slowerMs * between(0.5, 1.5)));
    if (random() < pausing) add(silence(random, 300 * 20 ** random()));
  }
  const samples = joined(parts);
  const durationMs = Math.floor((samples.length * 1000) / RATE);
  const chunkMs = between(2_000, 8_000);
  const cuts: number[] = [];
  for (let at = 0; at < durationMs; ) {
    at = Math.min(durationMs, Math.round(at + chunkMs * between(0.9, 1.1)));
    // A recorder gives no splinters.
    if (mode === 'segments' && !cutsTones) at = toneAt(at, begins)?.afterMs ?? at;
    if (durationMs - at < 300) at = durationMs;
    cuts.push(at);
  }
  const cutWords = cutsTones ? cuts.slice(0, -1).flatMap((cutMs) => toneAt(cutMs, begins)?.word ?? []) : [];
  const levels = random() < 0.1 ? null : levelsOf(samples, RATE);
  const name = `seed ${seed}: ${format}, ${mode}, ${(durationMs / 1000).toFixed(1)} s, ${count} words from ${words[0]}, ${slowerMs.toFixed(0)} ms slower, pauses ${pausing.toFixed(2)}, chunks of ${(chunkMs / 1000).toFixed(1)} s${levels === null ? ', no levels' : ''}`;
  return { seed, format, mode, words, samples, cuts, cutWords, levels, name };
}

/**
 * The tone that lies there or nearer than half a gap: what an encoder does at the edge of a file is then a part of it.
 * `afterMs` is the middle of the gap behind it, in the middle of a word or not.
 */
function toneAt(cutMs: number, begins: readonly number[]): { word: number; afterMs: number } | null {
  const cut = (cutMs * RATE) / 1000;
  const word = begins.findLastIndex((at) => at <= cut + EDGE);
  const begin = begins[word];
  if (begin === undefined) return null;
  const digit = Math.floor((cut + EDGE - begin) / DIGIT);
  const within = cut - begin - digit * DIGIT;
  if (digit >= DIGITS_PER_WORD || within > TONE + EDGE) return null;
  return { word, afterMs: Math.round(((begin + digit * DIGIT + TONE + EDGE) * 1000) / RATE) };
}
const TONE = (TONE_MS * RATE) / 1000;
const DIGIT = ((TONE_MS + GAP_MS) * RATE) / 1000;
/** Half of the gap between two tones. */
const EDGE = ((GAP_MS / 2) * RATE) / 1000;

function silence(random: () => number, milliseconds: number): Float32Array {
  return Float32Array.from(
    { length: Math.round((RATE * milliseconds) / 1000) },
    () => (random() * 2 - 1) * NOISE,
  );
}

/** The parts one behind the other. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
