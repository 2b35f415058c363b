/**
 * The media room, assembled: what is quick is done where it is called, what is long in worker threads. Ten minutes, on
 * two cores: probe of WebM or mp4 4–10 ms, up to 35 ms the first time (in place); WAV joined by copying, < 1 ms a
 * segment, of ADPCM by decoding, 2 ms (in place); WebM and mp4 joined or cut 130–400 ms, ADPCM cut 190 ms, in a worker.
 */
import { containerOf } from './container.ts';
import { cutForProvider } from './cut-for-provider.ts';
import { prepareImage } from './image.ts';
import { joinSegments } from './join-segments.ts';
import { MAX_PROVIDER_BYTES, type Media, type Segments } from './media.ts';
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
    prepareImage,
    close: () => pool.close(),
  };
}

/** PCM is copied only; ADPCM is decoded. */
function isQuicklyCut(bytes: Uint8Array, maxBytes: number): boolean {
  return containerOf(bytes) === 'wav' ? readWav(bytes).blocks === null : bytes.length <= maxBytes;
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
