import { mimeTypeOf } from './container.ts';
import type { MediaWindow } from './media.ts';
import { MediaError } from './media-error.ts';
import { quietestFrame } from './quietest.ts';
import { readWav, type Wav, wavFile, wavHeader, wavMs } from './wav.ts';
import { type WavPcm, wavPcm } from './wav-pcm.ts';
import { wholeMs } from './whole-ms.ts';

/** A cut may move so far from its even place to find a pause; speech pauses every few seconds. */
const SEARCH_SECONDS = 5;

/**
 * A WAVE in the fewest files of at most `maxBytes`, cut in its pauses; ADPCM becomes PCM. A window is made when it is
 * reached, so the recording and one window are in memory. PCM that fits comes back as it is, wrong lengths in its header
 * put right.
 */
export function cutWav(bytes: Uint8Array, maxBytes: number): Iterable<MediaWindow> {
  const wav = readWav(bytes);
  const mimeType = mimeTypeOf('wav');
  if (wav.blocks === null && bytes.length <= maxBytes) {
    const whole = wav.headerRight ? bytes : mended(bytes, wav);
    return [{ bytes: whole, mimeType, startMs: 0, endMs: wholeMs(wavMs(wav, wav.frames)) }];
  }
  const pcm = wavPcm(bytes, wav);
  const cuts = cutsOf(pcm, maxBytes);
  return {
    *[Symbol.iterator]() {
      for (const [index, to] of cuts.entries()) {
        const from = cuts[index - 1] ?? 0;
        yield {
          bytes: wavFile(pcm.format, pcm.slice(from, to)),
          mimeType,
          startMs: wholeMs(wavMs(pcm, from)),
          endMs: wholeMs(wavMs(pcm, to)),
        };
      }
    },
  };
}

/** Lengths in the header that are those of the file. Written in place when nothing lies around the samples. */
function mended(bytes: Uint8Array, wav: Wav): Uint8Array {
  const header = wavHeader(wav.format, wav.dataBytes);
  const samples = bytes.subarray(wav.dataStart, wav.dataStart + wav.dataBytes);
  if (header.length > wav.dataStart || wav.dataBytes % 2 === 1) return wavFile(wav.format, samples);
  const start = wav.dataStart - header.length;
  bytes.set(header, start);
  return bytes.subarray(start, wav.dataStart + wav.dataBytes);
}

/** Where each window ends, in frames. */
function cutsOf(pcm: WavPcm, maxBytes: number): number[] {
  const { frameBytes, sampleRate, frames } = pcm;
  const room = maxBytes - wavHeader(pcm.format, 0).length - 1;
  const most = Math.floor(room / frameBytes);
  if (most <= 0) throw new MediaError('unreadable', `a WAVE cannot be cut into windows of ${maxBytes} bytes`);
  const parts = Math.ceil(frames / most);
  const reach = SEARCH_SECONDS * sampleRate;
  const cuts: number[] = [];
  let from = 0;
  for (let left = parts - 1; left > 0; left -= 1) {
    const even = from + Math.round((frames - from) / (left + 1));
    // Neither this window nor the ones that are left may become too large.
    const earliest = Math.max(even - reach, frames - left * most, from + 1);
    const latest = Math.min(even + reach, from + most, frames - left);
    from = quietestFrame(pcm, earliest, latest, even);
    cuts.push(from);
  }
  cuts.push(frames);
  return cuts;
}
