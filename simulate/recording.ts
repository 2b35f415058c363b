/** What the virtual phones send: a few numbered words as tones, or a file that holds no sound. */
import { createHash } from 'node:crypto';
import type { ManifestChunk } from '../client/src/contract.ts';
import { dtmfSamples, numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../src/ai/sandbox/wav-file.ts';

const RATE = 8_000;
const FIRST_WORD = 100;
const SILENCE_MS = 1_500;

export const MIME_TYPE = 'audio/wav';

export type Chunk = { readonly bytes: Uint8Array; readonly manifest: ManifestChunk };
/** The same file as one chunk, for the single upload, and as two. */
export type Recording = { readonly whole: readonly Chunk[]; readonly inChunks: readonly Chunk[] };

export type Sound = {
  /** The sandbox provider really reads it. */
  readonly good: Recording;
  /**
   * Begins like no audio file, so that the merge finds it unreadable: a fact, which is never tried again. Measured:
   * failed 34 ms after `create`, with no call of the provider.
   */
  readonly broken: Recording;
  readonly durationMs: number;
};

/** @param words 0: silence. It has an empty transcript, so nothing is written from it: one call of the provider, not four. */
export function soundOf(words: number): Sound {
  const samples =
    words === 0
      ? new Float32Array((RATE * SILENCE_MS) / 1000)
      : dtmfSamples(numberedWords(words, FIRST_WORD), { rate: RATE });
  return {
    good: recordingOf(wavBytes(samples, RATE)),
    broken: recordingOf(Buffer.from('this is no recording '.repeat(100))),
    durationMs: Math.round((samples.length / RATE) * 1000),
  };
}

function recordingOf(bytes: Uint8Array): Recording {
  const half = Math.ceil(bytes.length / 2);
  return {
    whole: [chunkOf(bytes, 0)],
    inChunks: [chunkOf(bytes.subarray(0, half), 0), chunkOf(bytes.subarray(half), 1)],
  };
}

function chunkOf(bytes: Uint8Array, index: number): Chunk {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { bytes, manifest: { index, bytes: bytes.length, sha256 } };
}
