import { setImmediate } from 'node:timers/promises';
import { ByteSink } from './byte-sink.ts';
import { containerOf, mimeTypeOf } from './container.ts';
import { MAX_DECODED_BYTES, MAX_SECONDS } from './limits.ts';
import type { Joined, JoinedSegment } from './media.ts';
import { MediaError, segmentsDiffer } from './media-error.ts';
import { readWav, wavHeader, wavMs } from './wav.ts';
import { type WavPcm, wavPcm } from './wav-pcm.ts';
import { wholeMs } from './whole-ms.ts';

/** Decoded at a time, 5 ms; in between others have the event loop. */
const FRAMES_AT_ONCE = 256 * 1024;

/**
 * One WAVE of many: their samples one behind the other, under one header. ADPCM is decoded, so it may be mixed with PCM
 * of 16 bits: a phone changes between them as its link does.
 * @throws MediaError
 */
export async function joinWavs(segments: AsyncIterable<Uint8Array>, count: number): Promise<Joined> {
  let first: Sound | undefined;
  let sink: ByteSink | undefined;
  const parts: JoinedSegment[] = [];
  let [frames, decodedBytes] = [0, 0];
  for await (const bytes of segments) {
    if (containerOf(bytes) !== 'wav') throw segmentsDiffer('another container');
    const wav = readWav(bytes);
    const pcm = wavPcm(bytes, wav);
    first ??= soundOf(pcm);
    assertSameFormat(first, pcm);
    parts.push({ startMs: wavMs(first, frames), durationMs: wavMs(first, pcm.frames) });
    frames += pcm.frames;
    if (wav.blocks !== null) decodedBytes += pcm.frames * pcm.frameBytes;
    if (wavMs(first, frames) > MAX_SECONDS * 1000 || decodedBytes > MAX_DECODED_BYTES) {
      throw new MediaError('too_long', 'the segments together are too long');
    }
    sink ??= opened(pcm, pcm.frames * pcm.frameBytes * count);
    await append(sink, pcm, wav.blocks !== null);
  }
  if (first === undefined || sink === undefined) throw new MediaError('empty', 'there are no segments');
  const dataBytes = frames * first.frameBytes;
  if (dataBytes % 2 === 1) sink.append(new Uint8Array(1));
  sink.write(wavHeader(first.format, dataBytes), 0);
  const durationMs = wholeMs(wavMs(first, frames));
  return { bytes: sink.bytes(), mimeType: mimeTypeOf('wav'), durationMs, segments: parts };
}

type Sound = Omit<WavPcm, 'frames' | 'slice'>;

/** Without the bytes behind it, which need not be kept for it. */
function soundOf({ frames: _, slice: __, ...sound }: WavPcm): Sound {
  return { ...sound, format: sound.format.slice() };
}

function opened({ format }: WavPcm, expected: number): ByteSink {
  const sink = new ByteSink(expected + 64);
  sink.append(wavHeader(format, 0));
  return sink;
}

async function append(sink: ByteSink, { frames, slice }: WavPcm, decoded: boolean): Promise<void> {
  if (!decoded) return sink.append(slice(0, frames));
  for (let from = 0; from < frames; from += FRAMES_AT_ONCE) {
    if (from > 0) await setImmediate();
    sink.append(slice(from, Math.min(from + FRAMES_AT_ONCE, frames)));
  }
}

/** That the samples of both can stand in one file. @throws MediaError `segments_differ` */
export function assertSameFormat(a: Sound, b: Sound): void {
  if (a.codec === b.codec && a.channels === b.channels && a.sampleRate === b.sampleRate) return;
  throw segmentsDiffer('another format');
}
