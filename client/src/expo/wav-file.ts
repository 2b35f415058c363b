/**
 * WAVE files (Microsoft's RIFF, "Multimedia Programming Interface 1.0" and "New Multimedia Data Types", 1994): mono, as
 * 16-bit PCM or as IMA ADPCM. One `fmt `, a `fact` where the samples cannot be counted from the bytes, one `data`.
 */
import { ADPCM_BLOCK_BYTES, ADPCM_BLOCK_SAMPLES } from './ima-adpcm.ts';

export type SoundEncoding = 'pcm' | 'ima-adpcm';

export type WavFormat = { readonly encoding: SoundEncoding; readonly sampleRate: number };

export type Wav = WavFormat & {
  /** Without those that only fill the last ADPCM block. */
  readonly samples: number;
  readonly data: Uint8Array;
};

/** "WAVE_FORMAT_PCM (0x0001)", "WAVE_FORMAT_IMA_ADPCM (0x0011)". */
const TAGS: Readonly<Record<SoundEncoding, number>> = { pcm: 0x0001, 'ima-adpcm': 0x0011 };
const RIFF = 0x52494646;
const WAVE = 0x57415645;
const FMT = 0x666d7420;
const FACT = 0x66616374;
const DATA = 0x64617461;

/** The bytes before the samples, for so many of them. */
export function wavHeader(
  { encoding, sampleRate }: WavFormat,
  samples: number,
  dataBytes: number,
): Uint8Array {
  const pcm = encoding === 'pcm';
  const formatBytes = pcm ? 16 : 20;
  const header = new Uint8Array(12 + 8 + formatBytes + (pcm ? 0 : 12) + 8);
  const view = new DataView(header.buffer);
  view.setUint32(0, RIFF);
  view.setUint32(4, header.length - 8 + dataBytes + (dataBytes & 1), true);
  view.setUint32(8, WAVE);
  view.setUint32(12, FMT);
  view.setUint32(16, formatBytes, true);
  view.setUint16(20, TAGS[encoding], true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, Math.round(pcm ? sampleRate * 2 : adpcmBytesASecond(sampleRate)), true);
  view.setUint16(32, pcm ? 2 : ADPCM_BLOCK_BYTES, true);
  view.setUint16(34, pcm ? 16 : 4, true);
  if (!pcm) {
    // "cbSize: 2; wSamplesPerBlock"; then "the Fact chunk is required for all compressed formats".
    view.setUint16(36, 2, true);
    view.setUint16(38, ADPCM_BLOCK_SAMPLES, true);
    view.setUint32(40, FACT);
    view.setUint32(44, 4, true);
    view.setUint32(48, samples, true);
  }
  view.setUint32(header.length - 8, DATA);
  view.setUint32(header.length - 4, dataBytes, true);
  return header;
}

export function wavFile(format: WavFormat, samples: number, data: Uint8Array): Uint8Array {
  const header = wavHeader(format, samples, data.length);
  // "chunks are word-aligned": an odd one has a byte of padding.
  const file = new Uint8Array(header.length + data.length + (data.length & 1));
  file.set(header);
  file.set(data, header.length);
  return file;
}

function adpcmBytesASecond(sampleRate: number): number {
  return (sampleRate * ADPCM_BLOCK_BYTES) / ADPCM_BLOCK_SAMPLES;
}

/** Reads a file that `wavFile` made (not just any WAV). @throws Error when it is another */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 44 || view.getUint32(0) !== RIFF || view.getUint32(8) !== WAVE) {
    throw new Error('no WAV of ours: another container, or cut off');
  }
  const encoding = view.getUint16(20, true) === TAGS.pcm ? 'pcm' : 'ima-adpcm';
  const sampleRate = view.getUint32(24, true);
  const headerBytes = encoding === 'pcm' ? 44 : 60;
  const dataBytes = bytes.length < headerBytes ? -1 : view.getUint32(headerBytes - 4, true);
  if (dataBytes < 0 || bytes.length !== headerBytes + dataBytes + (dataBytes & 1)) {
    throw new Error('no WAV of ours: its lengths are not those of the file');
  }
  const samples = encoding === 'pcm' ? dataBytes / 2 : view.getUint32(48, true);
  const expected = wavHeader({ encoding, sampleRate }, samples, dataBytes);
  if (!expected.every((byte, at) => byte === bytes[at])) throw new Error('no WAV of ours: another format');
  return { encoding, sampleRate, samples, data: bytes.subarray(headerBytes, headerBytes + dataBytes) };
}
