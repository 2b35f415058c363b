import { DIGITS_PER_WORD, GAP_MS, TONE_MS, tonesOf, WORD_GAP_MS } from './tones.ts';

export type SpeechOptions = {
  /** Samples a second; default 16,000. */
  readonly rate?: number;
  /** A pause after so many words; 0 for none. */
  readonly pauseEvery?: number;
  readonly pauseSeconds?: number;
  /** Peak of each tone, 0–0.5; default 0.25. */
  readonly level?: number;
  /** How much louder the high tone is than the low one, in dB (the sum of both keeps its power); default 0. */
  readonly twist?: number;
  /** Peak of the noise that is always there, also in pauses; default 0.001 (−60 dBFS). */
  readonly noise?: number;
  readonly seed?: number;
};

/** Numbered words, so that a lost, doubled or reordered one shows: 000 … 999, from a start that the seed shifts. */
export function numberedWords(count: number, seed = 0): string[] {
  return Array.from({ length: count }, (_, index) => String((seed + index) % 1000).padStart(3, '0'));
}

/** The words as sound: mono samples in −1 … 1, piece by piece (a digit or a pause), so that hours need no memory. */
export function* dtmfPieces(words: readonly string[], options: SpeechOptions = {}): Generator<Float32Array> {
  const { rate = 16_000, pauseEvery = 0, pauseSeconds = 1.2, noise = 0.001, seed = 1 } = options;
  const random = mulberry32(seed);
  const tones = new Map<string, Float32Array>();
  const piece = (milliseconds: number) => {
    const samples = new Float32Array(Math.round((rate * milliseconds) / 1000));
    for (let i = 0; i < samples.length; i++) samples[i] = (random() * 2 - 1) * noise;
    return samples;
  };
  for (const [index, word] of words.entries()) {
    if (word.length !== DIGITS_PER_WORD)
      throw new RangeError(`a word has ${DIGITS_PER_WORD} digits: ${word}`);
    for (const digit of word) {
      const tone = tones.get(digit) ?? toneSamples(digit, rate, options);
      tones.set(digit, tone);
      const samples = piece(TONE_MS + GAP_MS);
      for (let i = 0; i < tone.length; i++) samples[i] = (samples[i] ?? 0) + (tone[i] ?? 0);
      yield samples;
    }
    yield piece(WORD_GAP_MS);
    if (pauseEvery > 0 && (index + 1) % pauseEvery === 0 && index + 1 < words.length)
      yield piece(pauseSeconds * 1000);
  }
}

function toneSamples(digit: string, rate: number, { level = 0.25, twist = 0 }: SpeechOptions): Float32Array {
  const [low, high] = tonesOf(digit);
  const ratio = 10 ** (twist / 20);
  const lowLevel = level * Math.sqrt(2 / (1 + ratio ** 2));
  const highLevel = lowLevel * ratio;
  const length = Math.round((rate * TONE_MS) / 1000);
  const ramp = Math.round(rate * 0.003); // 3 ms, so that a coder hears a tone and not a click
  return Float32Array.from({ length }, (_, i) => {
    const envelope = Math.min(1, i / ramp, (length - 1 - i) / ramp);
    const phase = (2 * Math.PI * i) / rate;
    return envelope * (lowLevel * Math.sin(low * phase) + highLevel * Math.sin(high * phase));
  });
}

/** All of it at once, for tests. */
export function dtmfSamples(words: readonly string[], options: SpeechOptions = {}): Float32Array {
  const pieces = [...dtmfPieces(words, options)];
  const samples = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    samples.set(piece, offset);
    offset += piece.length;
  }
  return samples;
}

// Looked up once: in a test runner's own global object each look-up costs more than the multiplication.
const { imul } = Math;

/** A small seeded generator of uniform numbers in [0, 1) (mulberry32, public domain, T. Ettinger 2017). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = imul(state ^ (state >>> 15), state | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
