/**
 * WAVE files (Microsoft's RIFF): where the samples are, whatever the header claims. A recorder that streams writes
 * lengths of 0, 0x7FFFFFFF or 0xFFFFFFFF because it doesn't know better; one that was killed leaves a length larger
 * than the file. In all of these the samples go on to the file's end.
 */
import { type AdpcmBlocks, adpcmBlocks, wholeAdpcm } from './ima-adpcm.ts';
import { MAX_DECODED_BYTES, MAX_SECONDS } from './limits.ts';
import { MediaError } from './media-error.ts';

export interface Wav {
  readonly codec: string;
  readonly channels: number;
  readonly sampleRate: number;
  /** Bytes of one sample of all channels; in ADPCM, of a block. */
  readonly blockBytes: number;
  /** How the samples lie in blocks; null when they don't. `wavPcm` reads both. */
  readonly blocks: AdpcmBlocks | null;
  /** Samples of each channel. */
  readonly frames: number;
  /** The `fmt ` chunk's content, as it came. */
  readonly format: Uint8Array;
  /** Where the samples begin, and how many bytes of whole frames (of ADPCM, words) there are. */
  readonly dataStart: number;
  readonly dataBytes: number;
  readonly truncated: boolean;
  /** The header gives the lengths that the file has. */
  readonly headerRight: boolean;
}

const PCM = 1;
const FLOAT = 3;
const IMA_ADPCM = 'adpcm_ima_wav';
const CODECS: Readonly<Record<string, string>> = {
  [`${PCM}/8`]: 'pcm_u8',
  [`${PCM}/16`]: 'pcm_s16le',
  [`${PCM}/24`]: 'pcm_s24le',
  [`${PCM}/32`]: 'pcm_s32le',
  [`${FLOAT}/32`]: 'pcm_f32le',
  [`${FLOAT}/64`]: 'pcm_f64le',
  '6/8': 'pcm_alaw',
  '7/8': 'pcm_mulaw',
  '17/4': IMA_ADPCM,
};
const EXTENSIBLE = 0xfffe;
/** Lengths from here on are placeholders: no recording of ours has two gigabytes. */
const PLACEHOLDER = 0x7fff_0000;

/** @throws MediaError `empty` (a header and no samples), `unreadable`, `unsupported`, `too_long` */
export function readWav(bytes: Uint8Array): Wav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let format: Uint8Array | undefined;
  let fact = 0;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = view.getUint32(at);
    const size = view.getUint32(at + 4, true);
    const start = at + 8;
    if (id === FMT) {
      if (size < 16 || start + size > bytes.length) throw new MediaError('unreadable', 'the format is cut');
      format = bytes.subarray(start, start + size);
    } else if (id === FACT && size >= 4 && start + 4 <= bytes.length) {
      fact = view.getUint32(start, true);
    } else if (id === DATA) {
      if (format === undefined) throw new MediaError('unreadable', 'the samples come before their format');
      return withData(view, format, fact, start, size);
    }
    // "chunks are word-aligned": an odd one has a byte of padding.
    at = start + size + (size & 1);
  }
  throw new MediaError('unreadable', 'the file is cut before its samples');
}

const FMT = 0x666d7420;
const FACT = 0x66616374;
const DATA = 0x64617461;

function withData(view: DataView, format: Uint8Array, fact: number, dataStart: number, size: number): Wav {
  const there = view.byteLength - dataStart;
  const announced = size === 0 ? !followedByChunk(view, dataStart) : size >= PLACEHOLDER;
  const available = announced ? there : Math.min(size, there);
  const { blocks, ...sound } = readFormat(format);
  const { bytes: dataBytes, frames } =
    blocks === null ? wholeFrames(available, sound.blockBytes) : blockedFrames(available, blocks, fact);
  if (frames === 0) throw new MediaError('empty', 'the file has a header and no samples');
  if (frames / sound.sampleRate > MAX_SECONDS) throw new MediaError('too_long', 'the sound is too long');
  return {
    ...sound,
    blocks,
    frames,
    format,
    dataStart,
    dataBytes,
    truncated: !announced && size > there,
    headerRight: size === dataBytes && view.getUint32(4, true) + 8 === view.byteLength,
  };
}

function wholeFrames(available: number, frameBytes: number): { bytes: number; frames: number } {
  const frames = Math.floor(available / frameBytes);
  return { bytes: frames * frameBytes, frames };
}

/**
 * The last block is filled up; `fact` says where its sound ends. One that lies elsewhere than in the last block (0 of a
 * recorder that streamed, the whole of a file that was cut) is not believed: the blocks are there.
 */
function blockedFrames(available: number, blocks: AdpcmBlocks, fact: number) {
  const { bytes, frames, lastFrames } = wholeAdpcm(blocks, available);
  if (frames * blocks.channels * 2 > MAX_DECODED_BYTES) {
    throw new MediaError('too_long', 'the sound is too long to be decoded');
  }
  const believed = fact > frames - lastFrames && fact <= frames;
  return { bytes, frames: believed ? fact : frames };
}

/** Tells "no samples, then another chunk" from "length unknown, then samples". */
function followedByChunk(view: DataView, at: number): boolean {
  if (at + 8 > view.byteLength) return at === view.byteLength;
  const size = view.getUint32(at + 4, true);
  const printable = [0, 1, 2, 3].every((i) => {
    const letter = view.getUint8(at + i);
    return letter >= 0x20 && letter < 0x7f;
  });
  return printable && at + 8 + size <= view.byteLength;
}

function readFormat(
  format: Uint8Array,
): Pick<Wav, 'codec' | 'channels' | 'sampleRate' | 'blockBytes' | 'blocks'> {
  const view = new DataView(format.buffer, format.byteOffset, format.byteLength);
  const tag = view.getUint16(0, true);
  // WAVE_FORMAT_EXTENSIBLE: the real tag is the first word of the sub-format's GUID.
  const real = tag === EXTENSIBLE && format.length >= 26 ? view.getUint16(24, true) : tag;
  const bits = view.getUint16(14, true);
  const codec = CODECS[`${real}/${bits}`];
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const blockBytes = view.getUint16(12, true);
  if (codec === undefined) throw new MediaError('unsupported', `WAVE format ${real} of ${bits} bits`);
  const contradiction = codec !== IMA_ADPCM && blockBytes !== (channels * bits) / 8;
  if (channels === 0 || sampleRate === 0 || contradiction) {
    throw new MediaError('unreadable', 'the format contradicts itself');
  }
  // Behind cbSize, in both of the formats that have it.
  const samplesPerBlock = format.length >= 20 ? view.getUint16(18, true) : 0;
  const blocks = codec === IMA_ADPCM ? adpcmBlocks(channels, blockBytes, samplesPerBlock) : null;
  return { codec, channels, sampleRate, blockBytes, blocks };
}

export function wavMs({ sampleRate }: { readonly sampleRate: number }, frames: number): number {
  return (frames / sampleRate) * 1000;
}

/** The bytes before the samples, for so many bytes of samples. */
export function wavHeader(format: Uint8Array, dataBytes: number): Uint8Array {
  const header = new Uint8Array(28 + format.length + (format.length & 1));
  const view = new DataView(header.buffer);
  view.setUint32(0, 0x52494646);
  view.setUint32(4, header.length - 8 + dataBytes + (dataBytes & 1), true);
  view.setUint32(8, 0x57415645);
  view.setUint32(12, FMT);
  view.setUint32(16, format.length, true);
  header.set(format, 20);
  view.setUint32(header.length - 8, DATA);
  view.setUint32(header.length - 4, dataBytes, true);
  return header;
}

/** A complete file of these samples; an odd number of bytes gets its padding. */
export function wavFile(format: Uint8Array, samples: Uint8Array): Uint8Array {
  const header = wavHeader(format, samples.length);
  const file = new Uint8Array(header.length + samples.length + (samples.length & 1));
  file.set(header);
  file.set(samples, header.length);
  return file;
}
