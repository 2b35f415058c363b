/**
 * IMA ADPCM as WAVE files carry it: four bits a sample, in blocks that are decoded each by itself. The algorithm is that
 * of the IMA ("Recommended Practices for Enhancing Digital Audio Compatibility in Multimedia Systems", revision 3.00,
 * 1992, §6); the layout of a block Microsoft's ("New Multimedia Data Types and Data Techniques", revision 3.0, 1994,
 * "IMA ADPCM Wave Type"): for each channel four bytes of head, then words of four bytes, eight samples of one channel
 * each, the channels in turn.
 *
 * 20 ns a sample on a busy core: five seconds at 16 kHz are 1.6 ms, ten minutes 190 ms.
 */
import { MediaError } from './media-error.ts';

// Looked up once: in a test runner's own global object each look-up costs more than the arithmetic.
const { max, min } = Math;

/** Four bytes: a head, or eight samples of one channel. */
const WORD = 4;

export interface AdpcmBlocks {
  readonly channels: number;
  readonly blockBytes: number;
  /** Samples of each channel in a whole block. */
  readonly blockFrames: number;
}

/**
 * @param blockBytes the format's nBlockAlign
 * @param stated its wSamplesPerBlock; 0 when it says nothing
 * @throws MediaError `unsupported`, `unreadable`
 */
export function adpcmBlocks(channels: number, blockBytes: number, stated: number): AdpcmBlocks {
  // The layout is given for mono and stereo only; no encoder writes more.
  if (channels > 2) throw new MediaError('unsupported', `IMA ADPCM of ${channels} channels`);
  const unit = WORD * channels;
  if (channels === 0 || blockBytes <= unit || blockBytes % unit !== 0) {
    throw new MediaError('unreadable', `a block of ${blockBytes} bytes is none of IMA ADPCM`);
  }
  // "wSamplesPerBlock = (((nBlockAlign − (4 × nChannels)) × 8) / (wBitsPerSample × nChannels)) + 1"
  const blockFrames = framesIn(blockBytes, channels);
  if (stated !== 0 && stated !== blockFrames) {
    throw new MediaError('unreadable', `a block of ${blockBytes} bytes has not ${stated} samples`);
  }
  return { channels, blockBytes, blockFrames };
}

/** How much of so many bytes are blocks, the last as far as it is there in whole words. */
export function wholeAdpcm({ channels, blockBytes, blockFrames }: AdpcmBlocks, available: number) {
  const unit = WORD * channels;
  const bytes = available - ((available % blockBytes) % unit);
  const last = bytes % blockBytes;
  const blocks = (bytes - last) / blockBytes;
  const lastFrames = last === 0 ? 0 : framesIn(last, channels);
  return {
    bytes,
    frames: blocks * blockFrames + lastFrames,
    /** Samples of each channel in the last block, whole or not. */
    lastFrames: lastFrames || min(blocks, 1) * blockFrames,
  };
}

function framesIn(blockBytes: number, channels: number): number {
  return 1 + (blockBytes / (WORD * channels) - 1) * 8;
}

/** Samples of 16 bits, little-endian, the channels interleaved; `bytes` are blocks, the last may be cut after a word. */
export function decodeImaAdpcm(bytes: Uint8Array, blocks: AdpcmBlocks): Uint8Array<ArrayBuffer> {
  const { channels, blockBytes, blockFrames } = blocks;
  const decoded = new Uint8Array(wholeAdpcm(blocks, bytes.length).frames * channels * 2);
  const from = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const to = new DataView(decoded.buffer);
  for (let at = 0, frame = 0; at < bytes.length; at += blockBytes, frame += blockFrames) {
    const end = Math.min(at + blockBytes, bytes.length);
    for (let channel = 0; channel < channels; channel += 1) {
      decodeChannel(from, at + channel * WORD, end, to, frame * channels + channel, channels);
    }
  }
  return decoded;
}

/** One channel of one block: its head stands at `at`, its words every so many bytes behind it. */
function decodeChannel(
  from: DataView,
  at: number,
  end: number,
  to: DataView,
  firstSample: number,
  channels: number,
): void {
  let predicted = from.getInt16(at, true);
  // A damaged head may say more than there is: the block is noise for some milliseconds, and the rest can be heard.
  let index = min(from.getUint8(at + 2), LAST_STEP);
  let out = firstSample * 2;
  to.setInt16(out, predicted, true);
  for (let word = at + WORD * channels; word + WORD <= end; word += WORD * channels) {
    let codes = from.getUint32(word, true);
    for (let i = 0; i < 8; i += 1) {
      // "the first sample in the least significant four bits"
      const code = codes & 15;
      codes >>>= 4;
      const step = STEPS[index] as number;
      let difference = step >> 3;
      if (code & 4) difference += step;
      if (code & 2) difference += step >> 1;
      if (code & 1) difference += step >> 2;
      predicted += code & 8 ? -difference : difference;
      predicted = max(-32_768, min(predicted, 32_767));
      index += INDEX_CHANGES[code & 7] as number;
      index = max(0, min(index, LAST_STEP));
      out += 2 * channels;
      to.setInt16(out, predicted, true);
    }
  }
}

/** The IMA's tables: "step size" by index, and "index adjustment" by code. */
const STEPS = Int16Array.of(
  ...[
    7, 8, 9, 10, 11, 12, 13, 14, 16, 17, 19, 21, 23, 25, 28, 31, 34, 37, 41, 45, 50, 55, 60, 66, 73, 80, 88,
  ],
  ...[97, 107, 118, 130, 143, 157, 173, 190, 209, 230, 253, 279, 307, 337, 371, 408, 449, 494, 544, 598, 658],
  ...[724, 796, 876, 963, 1060, 1166, 1282, 1411, 1552, 1707, 1878, 2066, 2272, 2499, 2749, 3024, 3327, 3660],
  ...[4026, 4428, 4871, 5358, 5894, 6484, 7132, 7845, 8630, 9493, 10442, 11487, 12635, 13899, 15289, 16818],
  ...[18500, 20350, 22385, 24623, 27086, 29794, 32767],
);
const LAST_STEP = 88;
const INDEX_CHANGES = Int8Array.of(-1, -1, -1, -1, 2, 4, 6, 8);
