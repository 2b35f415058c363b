/** A store that forgets everything with its process: the bench measures the link, not a browser's database. */
import type { KeptRecording } from '../../client/src/upload/kept-recording.ts';
import { type ChunkStore, StoreError } from '../../client/src/upload/ports.ts';

export function memoryStore(): ChunkStore {
  const records = new Map<string, KeptRecording>();
  const chunks = new Map<string, Map<number, Uint8Array<ArrayBuffer>>>();

  function bytesOf(recordingId: string, index: number): Uint8Array<ArrayBuffer> {
    const bytes = chunks.get(recordingId)?.get(index);
    if (bytes === undefined) throw new StoreError('chunk-lost', `chunk ${index} is not there`);
    return bytes;
  }

  return {
    check: async () => ({ usable: true, lasting: true, freeBytes: null }),
    list: async () => [...records.values()].sort((a, b) => a.createdAt.localeCompare(b.createdAt)),
    async save(recording) {
      records.set(recording.recordingId, recording);
    },
    async saveChunk(recording, index, bytes) {
      const { recordingId } = recording;
      records.set(recordingId, recording);
      const own = chunks.get(recordingId) ?? new Map();
      chunks.set(recordingId, own.set(index, new Uint8Array(bytes)));
    },
    chunk: async (recordingId, index) => new Blob([bytesOf(recordingId, index)]),
    joined: async (recordingId, indexes, type) =>
      new Blob(
        indexes.map((index) => bytesOf(recordingId, index)),
        { type },
      ),
    bytes: async (recordingId, index) => bytesOf(recordingId, index),
    async remove(recordingId) {
      records.delete(recordingId);
      chunks.delete(recordingId);
    },
  };
}
