import { ByteSink } from './byte-sink.ts';
import { containerOf, mimeTypeOf } from './container.ts';
import { MAX_SECONDS } from './limits.ts';
import type { Joined, JoinedSegment } from './media.ts';
import { MediaError } from './media-error.ts';
import { readWav, type Wav, wavHeader, wavMs } from './wav.ts';

/** One WAVE of many: their samples one behind the other, under one header. @throws MediaError */
export async function joinWavs(segments: AsyncIterable<Uint8Array>, count: number): Promise<Joined> {
  let first: Wav | undefined;
  let sink: ByteSink | undefined;
  const parts: JoinedSegment[] = [];
  let dataBytes = 0;
  for await (const bytes of segments) {
    if (containerOf(bytes) !== 'wav') throw differs('another container');
    const wav = readWav(bytes);
    first ??= { ...wav, format: wav.format.slice() };
    if (!sameFormat(first, wav)) throw differs('another format');
    sink ??= opened(wav, bytes.length * count);
    sink.append(bytes.subarray(wav.dataStart, wav.dataStart + wav.dataBytes));
    parts.push({ startMs: wavMs(first, dataBytes), durationMs: wavMs(first, wav.dataBytes) });
    dataBytes += wav.dataBytes;
    if (wavMs(first, dataBytes) > MAX_SECONDS * 1000) {
      throw new MediaError('too_long', 'the segments together are too long');
    }
  }
  if (first === undefined || sink === undefined) throw new MediaError('empty', 'there are no segments');
  if (dataBytes % 2 === 1) sink.append(new Uint8Array(1));
  sink.write(wavHeader(first.format, dataBytes), 0);
  const durationMs = Math.round(wavMs(first, dataBytes));
  return { bytes: sink.bytes(), mimeType: mimeTypeOf('wav'), durationMs, segments: parts };
}

function opened({ format }: Wav, expected: number): ByteSink {
  const sink = new ByteSink(expected + 64);
  sink.append(wavHeader(format, 0));
  return sink;
}

function sameFormat(a: Wav, b: Wav): boolean {
  return a.codec === b.codec && a.channels === b.channels && a.sampleRate === b.sampleRate;
}

function differs(what: string): MediaError {
  return new MediaError('segments_differ', `a segment has ${what} than the first`);
}
