/**
 * A stream of samples, in buffers of any size, as captures of so many seconds: each a WAV of its own, without a gap and
 * without a sample twice. Time is the count of samples, never a timestamp. The encoding is asked for when a capture's
 * first sample is there, and may be another each time.
 */
import type { Capture } from '../upload/ports.ts';
import { ADPCM_BLOCK_SAMPLES, encodeImaAdpcm } from './ima-adpcm.ts';
import { levelsOf } from './levels.ts';
import { littleEndian } from './pcm-samples.ts';
import { type SoundEncoding, type WavFormat, wavFile } from './wav-file.ts';

export interface WavCutter {
  /** Milliseconds of sound that were given so far. */
  readonly elapsedMs: number;
  /** The captures that these samples complete. */
  push(samples: Int16Array): Capture[];
  /** What is left, shorter than the others; null when nothing is. */
  end(): Capture | null;
}

export type CutterFormat = {
  readonly encoding: () => SoundEncoding;
  readonly sampleRate: number;
};

type Piece = { readonly format: WavFormat; readonly samples: Int16Array; filled: number };

export function createWavCutter({ encoding, sampleRate }: CutterFormat, chunkSeconds: number): WavCutter {
  let piece: Piece | null = null;
  let given = 0;

  function begin(): Piece {
    const format = { encoding: encoding(), sampleRate };
    return { format, samples: new Int16Array(pieceSamples(format, chunkSeconds)), filled: 0 };
  }
  function captured({ format, samples, filled }: Piece): Capture {
    const startMs = millisecondsOf(given - filled);
    return captureOf(samples.subarray(0, filled), format, startMs, millisecondsOf(given));
  }
  const millisecondsOf = (samples: number) => Math.round((samples * 1000) / sampleRate);

  return {
    get elapsedMs() {
      return millisecondsOf(given);
    },
    push(samples) {
      const captures: Capture[] = [];
      for (let at = 0; at < samples.length; ) {
        piece ??= begin();
        const count = Math.min(piece.samples.length - piece.filled, samples.length - at);
        piece.samples.set(samples.subarray(at, at + count), piece.filled);
        piece.filled += count;
        given += count;
        at += count;
        if (piece.filled < piece.samples.length) continue;
        captures.push(captured(piece));
        piece = null;
      }
      return captures;
    },
    end() {
      const last = piece;
      piece = null;
      return last === null ? null : captured(last);
    },
  };
}

/** ADPCM is cut between blocks: none is filled up but the last of the recording, so segments of it join as they are. */
function pieceSamples({ encoding, sampleRate }: WavFormat, chunkSeconds: number): number {
  const unit = encoding === 'pcm' ? 1 : ADPCM_BLOCK_SAMPLES;
  return Math.max(1, Math.round((sampleRate * chunkSeconds) / unit)) * unit;
}

function captureOf(samples: Int16Array, format: WavFormat, startMs: number, endMs: number): Capture {
  const data = format.encoding === 'pcm' ? littleEndian(samples) : encodeImaAdpcm(samples);
  const bytes = wavFile(format, samples.length, data);
  return { bytes, startMs, endMs, levels: levelsOf(samples, format.sampleRate) };
}
