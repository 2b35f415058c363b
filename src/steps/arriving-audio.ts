/**
 * The recordings that are being heard on this node, as far as they have arrived: each chunk is read from the object store
 * once, when the first window needs it, and kept until the recording is joined.
 *
 *   (nothing) ──of()──▶ held (chunks 0 … n) ──of()──▶ held (chunks 0 … m) ──forget(), or others need the room──▶ (nothing)
 *
 * It is a cache: bounded in bytes, the least recently used recording goes first, and what is gone (also by a crash, or
 * because another node works on the session) is read again. A chunk that was recorded anew is noticed by its digest.
 */
import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import { ByteSink } from '../media/byte-sink.ts';
import type { Arrived, Media } from '../media/media.ts';
import { MediaError } from '../media/media-error.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { Chunk, Session } from '../recording/session.ts';
import { contiguous, soundClock } from '../recording/session-windows.ts';
import { baseType } from './media-type.ts';
import { readChunk } from './stored-chunks.ts';

export interface ArrivingAudio {
  /** What has arrived without a hole. Its bytes are not the caller's to change. @throws ChunkDamaged, and what the store throws */
  of(session: Session): Promise<HeldAudio>;
  /** It was joined, or erased. */
  forget(sessionId: string): void;
}

/** One growing file (recorder timeslices), or complete files one after the other. */
export type HeldAudio =
  | { readonly mode: 'stream'; readonly bytes: Uint8Array }
  | { readonly mode: 'segments'; readonly segments: readonly HeldSegment[] };

export type HeldSegment = {
  readonly bytes: Uint8Array;
  /** Where its sound begins in the recording. */
  readonly startMs: number;
  /** By what it holds; as the recorder said, when it cannot be read. */
  readonly durationMs: number;
  readonly isReadable: boolean;
};

const CHUNKS_AT_ONCE = 4;

/** @param options.maxBytes of all recordings together */
export function createArrivingAudio(options: {
  readonly objects: ObjectStore;
  readonly media: Pick<Media, 'probe'>;
  readonly maxBytes: number;
}): ArrivingAudio {
  const { objects, media, maxBytes } = options;
  const held = new LRUCache<string, Held>({
    maxSize: maxBytes,
    sizeCalculation: ({ size }) => Math.max(1, size),
  });
  return {
    async of(session) {
      const key = `${session.sessionId} ${session.fellBack}`;
      const chunks = contiguous(session.chunks);
      const known = held.get(key);
      const usable = known?.begins(chunks) === true ? known : new Held(session);
      held.set(key, usable);
      // Windows of one recording are cut at the same time: what is read for one is there for the others.
      const audio = await usable.grownBy(chunks, objects, media);
      held.set(key, usable); // it has grown: others may have to go
      return audio;
    },
    forget(sessionId) {
      for (const fellBack of [true, false]) held.delete(`${sessionId} ${fellBack}`);
    },
  };
}

class Held {
  readonly #session: Session;
  readonly #digests: string[] = [];
  readonly #file = new ByteSink(0);
  readonly #segments: HeldSegment[] = [];
  #bytes = 0;
  #growing: Promise<unknown> = Promise.resolve();

  constructor(session: Session) {
    this.#session = session;
  }

  get size(): number {
    return this.#bytes;
  }

  /** Whether what is held is how these chunks begin. */
  begins(chunks: readonly Chunk[]): boolean {
    return this.#digests.every(
      (digest, index) => chunks[index] === undefined || chunks[index].sha256 === digest,
    );
  }

  async grownBy(
    chunks: readonly Chunk[],
    objects: ObjectStore,
    media: Pick<Media, 'probe'>,
  ): Promise<HeldAudio> {
    const grown = this.#growing.then(() => this.#grow(chunks, objects, media));
    this.#growing = grown.catch(() => undefined);
    await grown;
    return this.#session.segmenting.mode === 'segments'
      ? { mode: 'segments', segments: [...this.#segments] }
      : { mode: 'stream', bytes: this.#file.bytes() };
  }

  async #grow(chunks: readonly Chunk[], objects: ObjectStore, media: Pick<Media, 'probe'>): Promise<void> {
    const queue = new PQueue({ concurrency: CHUNKS_AT_ONCE });
    const more = chunks.slice(this.#digests.length);
    const read = await queue.addAll(more.map((chunk) => () => readChunk(objects, chunk)));
    for (const [index, chunk] of more.entries()) {
      const bytes = read[index] ?? new Uint8Array();
      if (this.#session.segmenting.mode === 'segments')
        this.#segments.push(await this.#segment(chunk, bytes, media));
      else this.#file.append(bytes);
      this.#bytes += bytes.byteLength;
      this.#digests.push(chunk.sha256);
    }
  }

  async #segment(chunk: Chunk, bytes: Uint8Array, media: Pick<Media, 'probe'>): Promise<HeldSegment> {
    const last = this.#segments.at(-1);
    const endMs = last === undefined ? 0 : last.startMs + last.durationMs;
    try {
      const { lengthMs, primingMs } = await media.probe(bytes, baseType(this.#session.mimeType));
      // As it is joined: of all but the first the priming stays in, between the one's sound and the next one's.
      const startMs = last?.isReadable ? endMs + primingMs : endMs;
      return { bytes, startMs, durationMs: Math.max(0, lengthMs - primingMs), isReadable: true };
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      const { seconds } = this.#session.segmenting;
      const saidMs = (chunk.endMs ?? 0) - (chunk.startMs ?? 0);
      return { bytes, startMs: endMs, durationMs: saidMs > 0 ? saidMs : seconds * 1000, isReadable: false };
    }
  }
}

/** From the times by which windows are planned to those of what was stored. */
export function soundClockOf(session: Session, audio: HeldAudio): (recorderMs: number) => number {
  if (audio.mode === 'stream') return (recorderMs) => recorderMs;
  return soundClock(
    session,
    audio.segments.map(({ startMs }) => startMs),
  );
}

/** What of it a window is cut from: of segments, those that hold it up to one that cannot be read, and one before. */
export function arrivedFor(
  audio: HeldAudio,
  span: { readonly startMs: number; readonly endMs: number },
): Arrived {
  if (audio.mode === 'stream') return { bytes: audio.bytes };
  const holding = audio.segments.filter(
    ({ startMs, durationMs }) => startMs + durationMs > span.startMs && startMs < span.endMs,
  );
  const from = holding.findIndex(({ isReadable }) => isReadable);
  const broken = holding.findIndex(({ isReadable }, index) => index > from && !isReadable);
  const unbroken = from === -1 ? [] : holding.slice(from, broken === -1 ? undefined : broken);
  const before =
    audio.segments[audio.segments.findIndex(({ startMs }) => startMs === unbroken[0]?.startMs) - 1];
  return { segments: before?.isReadable ? [before, ...unbroken] : unbroken };
}
