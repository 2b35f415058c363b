/**
 * The samples of a WAVE, whatever they are stored as: PCM as it stands in the file, IMA ADPCM decoded to 16 bits, piece
 * by piece as it is asked for. So what joins, cuts and hears WAVEs counts samples and knows no blocks, and a provider,
 * of whom nobody knows whether it reads ADPCM, gets PCM.
 */
import { decodeImaAdpcm } from './ima-adpcm.ts';
import { readWav, type Wav } from './wav.ts';

export interface WavPcm {
  /** Of the samples that `slice` gives; never ADPCM. */
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes of one sample of all channels. */
  readonly frameBytes: number;
  /** A `fmt ` chunk's content for these samples. */
  readonly format: Uint8Array;
  readonly frames: number;
  /** These frames as bytes: a view of the file, or decoded just now. */
  slice(from: number, to: number): Uint8Array;
}

/** @throws MediaError as `readWav` */
export function wavPcm(bytes: Uint8Array, wav: Wav = readWav(bytes)): WavPcm {
  const { codec, channels, sampleRate, format, frames, blocks, dataStart, dataBytes } = wav;
  const data = bytes.subarray(dataStart, dataStart + dataBytes);
  if (blocks === null) {
    const frameBytes = wav.blockBytes;
    const slice = (from: number, to: number) => data.subarray(from * frameBytes, to * frameBytes);
    return { codec, channels, sampleRate, frameBytes, format, frames, slice };
  }
  const { blockBytes, blockFrames } = blocks;
  const frameBytes = channels * 2;
  return {
    codec: 'pcm_s16le',
    channels,
    sampleRate,
    frameBytes,
    format: pcmFormat(channels, sampleRate),
    frames,
    slice(from, to) {
      const first = Math.floor(from / blockFrames);
      const coded = data.subarray(first * blockBytes, Math.ceil(to / blockFrames) * blockBytes);
      const before = first * blockFrames;
      return decodeImaAdpcm(coded, blocks).subarray((from - before) * frameBytes, (to - before) * frameBytes);
    },
  };
}

/** PCMWAVEFORMAT of 16 bits. */
function pcmFormat(channels: number, sampleRate: number): Uint8Array {
  const format = new Uint8Array(16);
  const view = new DataView(format.buffer);
  view.setUint16(0, 1, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, sampleRate, true);
  view.setUint32(8, sampleRate * channels * 2, true);
  view.setUint16(12, channels * 2, true);
  view.setUint16(14, 16, true);
  return format;
}
