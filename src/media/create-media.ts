/**
 * The media room, assembled: what is quick is done where it is called, what is long in worker threads. Ten minutes, on
 * two cores: probe of WebM or mp4 4–10 ms, up to 35 ms the first time (in place); WAV joined by copying, < 1 ms a
 * segment, of ADPCM by decoding, 2 ms (in place); WebM and mp4 joined or cut 130–400 ms, ADPCM cut 190 ms, in a worker.
 *
 * A window of 15 s out of ten minutes that are still arriving, 10 s from the end (median of 37; the longest that the event
 * loop was held, 9 of 10 times no more than so long):
 *
 *                                in place              in a worker, the file copied to it
 *   WebM/Opus, 20 ms, 2.4 MB     9 ms   held 4, 9      12 ms   held 3, 5
 *   WebM/Opus, 60 ms, 2.3 MB     4 ms   held 2, 9       6 ms   held 2, 7
 *   mp4/Opus, fragmented         7 ms   held 5, 6      10 ms   held 2, 4
 *   mp4/AAC, 5.2 MB              6 ms   held 4, 5       9 ms   held 2, 6
 *   WAV/PCM, 19 MB               1 ms   held 1
 *   WAV/ADPCM, 4.8 MB            5 ms   held 6, 7       7 ms   held 2, 6
 *   Ogg/Opus, 2.3 MB            88 ms   held 19        120 ms   held 6, 11
 *
 * So it is done in place, which takes less of the processor (a worker half as much again), waits behind nobody's join and
 * starts no thread (200–500 ms) after a person's stop; Ogg, long recordings and long windows go to a worker.
 */
import { containerOf } from './container.ts';
import { cutForProvider } from './cut-for-provider.ts';
import { cutWindow } from './cut-window.ts';
import { prepareImage } from './image.ts';
import { joinSegments } from './join-segments.ts';
import { type Arrived, MAX_PROVIDER_BYTES, type Media, type Segments, type TimeSpan } from './media.ts';
import { MediaError } from './media-error.ts';
import { MediaPool, type PoolOptions } from './pool.ts';
import { probe } from './probe.ts';
import { readWav } from './wav.ts';

/** Close it: it holds threads. */
export function createMedia(options: Partial<PoolOptions> = {}): Media {
  const pool = new MediaPool({ threads: 2, queue: 64, timeoutMs: 30_000, ...options });
  return {
    probe: (bytes) => probe(bytes),
    joinSegments: async (segments) => {
      const iterator = started(segments);
      try {
        const first = await iterator.next();
        if (first.done === true) throw new MediaError('empty', 'there are no segments');
        const count = Array.isArray(segments) ? segments.length : 1;
        const all = resumed(first.value, iterator);
        return await (containerOf(first.value) === 'wav' ? joinSegments(all, count) : pool.join(all, count));
      } finally {
        // Not awaited: a read that hangs must not hang what gave up on it.
        iterator.return?.()?.catch(() => undefined);
      }
    },
    cutForProvider: async (bytes, _mimeType, { maxBytes = MAX_PROVIDER_BYTES } = {}) =>
      isQuicklyCut(bytes, maxBytes) ? cutForProvider(bytes, maxBytes) : pool.cut(owned(bytes), maxBytes),
    cutWindow: async (arrived, _mimeType, span) =>
      isQuicklyWindowed(arrived, span) ? cutWindow(arrived, span) : pool.window(arrived, span),
    prepareImage,
    close: () => pool.close(),
  };
}

/** PCM is copied only; ADPCM is decoded. */
function isQuicklyCut(bytes: Uint8Array, maxBytes: number): boolean {
  return containerOf(bytes) === 'wav' ? readWav(bytes).blocks === null : bytes.length <= maxBytes;
}

/** Ten minutes of AAC at 96 kbit/s have 7 MB. */
const QUICK_BYTES = 8 * 1024 * 1024;
const QUICK_MS = 30_000;

/** PCM is copied only; of others, the files have to be walked and the window written, ADPCM's decoded. */
function isQuicklyWindowed(arrived: Arrived, { startMs, endMs }: TimeSpan): boolean {
  const files = 'bytes' in arrived ? [arrived.bytes] : arrived.segments.map(({ bytes }) => bytes);
  try {
    if (files.every((bytes) => containerOf(bytes) === 'wav' && readWav(bytes).blocks === null)) return true;
    // Ogg is walked by the library, at 90 ms for ten minutes.
    if (files.some((bytes) => containerOf(bytes) === 'ogg')) return false;
  } catch {
    return true; // What cannot be told is soon refused.
  }
  return files.reduce((sum, { length }) => sum + length, 0) <= QUICK_BYTES && endMs - startMs <= QUICK_MS;
}

function started(segments: Segments): AsyncIterator<Uint8Array> {
  return Array.isArray(segments)
    ? read(segments as readonly (() => Promise<Uint8Array>)[])
    : (segments as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
}

async function* read(segments: readonly (() => Promise<Uint8Array>)[]): AsyncGenerator<Uint8Array> {
  for (const segment of segments) yield await segment();
}

/** The whole again, when its first was taken to see what it is. */
async function* resumed(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

/** Bytes whose buffer is theirs alone, so that it can be handed to a worker. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer && bytes.buffer.byteLength === bytes.length
    ? bytes
    : bytes.slice();
}
