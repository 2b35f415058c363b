import type { ChunkStore } from './ports.ts';

/** The store, with the chunks that could not be written to it and are held in memory. */
export function withHeldChunks(store: ChunkStore, held: ReadonlyMap<number, Uint8Array>): ChunkStore {
  const bytes = async (recordingId: string, index: number) =>
    held.get(index) ?? (await store.bytes(recordingId, index));
  return {
    check: () => store.check(),
    list: () => store.list(),
    save: (recording) => store.save(recording),
    saveChunk: (recording, index, content) => store.saveChunk(recording, index, content),
    remove: (recordingId) => store.remove(recordingId),
    bytes,
    chunk: async (recordingId, index) => {
      const content = held.get(index);
      return content === undefined ? store.chunk(recordingId, index) : concatenated([content]);
    },
    joined: async (recordingId, indexes, mimeType) => {
      if (!indexes.some((index) => held.has(index))) return store.joined(recordingId, indexes, mimeType);
      const parts: Uint8Array[] = [];
      for (const index of indexes) parts.push(await bytes(recordingId, index));
      return concatenated(parts);
    },
  };
}

function concatenated(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
