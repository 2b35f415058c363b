/** A recording as a recorder gives it while it goes on: one growing WAV in chunks, with their times and levels. */
import { dtmfSamples, type SpeechOptions } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';

/** Samples a second: DTMF needs no more. */
export const RATE = 8_000;
const HEADER_BYTES = 44;

export type SpokenChunk = {
  readonly bytes: Uint8Array;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly levels?: readonly number[];
};

export function spoken(words: readonly string[], options: SpeechOptions = {}): SpokenChunk[] {
  return chunksOfSound(dtmfSamples(words, { rate: RATE, ...options }));
}

/** @param samples mono, RATE */
export function chunksOfSound(samples: Float32Array, chunkMs = 5_000): SpokenChunk[] {
  const file = wavBytes(samples, RATE);
  const chunks: SpokenChunk[] = [];
  const size = (RATE * chunkMs) / 1000;
  for (let from = 0; from < samples.length; from += size) {
    const to = Math.min(from + size, samples.length);
    const startMs = (from * 1000) / RATE;
    const bytes = file.subarray(from === 0 ? 0 : HEADER_BYTES + 2 * from, HEADER_BYTES + 2 * to);
    const endMs = (to * 1000) / RATE;
    chunks.push({ bytes, startMs, endMs, levels: levelsOf(samples.subarray(from, to)) });
  }
  return chunks;
}

/** RMS in dBFS, ten a second; only whole tenths. */
function levelsOf(samples: Float32Array): number[] {
  const tenth = RATE / 10;
  return Array.from({ length: Math.floor(samples.length / tenth) }, (_, index) => {
    let energy = 0;
    for (let i = index * tenth; i < (index + 1) * tenth; i++) energy += (samples[i] ?? 0) ** 2;
    return Math.max(-100, Math.round(100 * Math.log10(energy / tenth)) / 10);
  });
}
