import { MediaError } from '../../media/media-error.ts';
import { wavPcm } from '../../media/wav-pcm.ts';
import { SoundBuilder } from './sound.ts';

type ReadSample = (view: DataView, at: number) => number;

/** Each sample format as numbers in −1 … 1. */
const READERS: Readonly<Record<string, ReadSample>> = {
  pcm_u8: (view, at) => (view.getUint8(at) - 128) / 128,
  pcm_s16le: (view, at) => view.getInt16(at, true) / 32_768,
  pcm_s24le: (view, at) => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608,
  pcm_s32le: (view, at) => view.getInt32(at, true) / 2_147_483_648,
  pcm_f32le: (view, at) => view.getFloat32(at, true),
  pcm_f64le: (view, at) => view.getFloat64(at, true),
};

const MIN_RATE = 4_000;
const MAX_RATE = 384_000;
const FRAMES_AT_ONCE = 65_536;

/** A WAV file as mono sound, at SOUND_RATE. @throws MediaError, SoundTooLong */
export function decodeWav(bytes: Uint8Array): Float32Array {
  const { codec, channels, frameBytes, frames, sampleRate, slice } = wavPcm(bytes);
  const read = READERS[codec];
  if (read === undefined) throw new MediaError('unsupported', `the sandbox provider does not read ${codec}`);
  if (sampleRate < MIN_RATE || sampleRate > MAX_RATE) {
    throw new MediaError('unsupported', `a sampling rate of ${sampleRate} Hz`);
  }
  const sampleBytes = frameBytes / channels;
  const sound = new SoundBuilder(sampleRate);
  for (let from = 0; from < frames; from += FRAMES_AT_ONCE) {
    const samples = new Float32Array(Math.min(FRAMES_AT_ONCE, frames - from));
    const piece = slice(from, from + samples.length);
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let i = 0; i < samples.length; i++) {
      const at = i * frameBytes;
      let sum = 0;
      for (let channel = 0; channel < channels; channel++) sum += read(view, at + channel * sampleBytes);
      const mean = sum / channels;
      // A float file may hold what is no number.
      samples[i] = Number.isFinite(mean) ? mean : 0;
    }
    sound.add(samples);
  }
  return sound.finish();
}
