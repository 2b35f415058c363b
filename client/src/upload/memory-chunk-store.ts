/** A ChunkStore in memory: for tests, and for what need not outlive the process. */
import { isKeptRecording } from './kept-recording-guard.ts';
import { oldestFirst } from './oldest-first.ts';
import { type ChunkStore, StoreError } from './ports.ts';

/** What the store writes to: it outlives the store as a disk outlives an app. */
export type MemoryDisk = {
  readonly records: Map<string, unknown>;
  readonly chunks: Map<string, Map<number, Uint8Array<ArrayBuffer>>>;
};

export function createMemoryDisk(): MemoryDisk {
  return { records: new Map(), chunks: new Map() };
}

export function createMemoryChunkStore(disk: MemoryDisk = createMemoryDisk()): ChunkStore {
  function get(recordingId: string, index: number): Uint8Array<ArrayBuffer> {
    const bytes = disk.chunks.get(recordingId)?.get(index);
    if (bytes === undefined) throw new StoreError('chunk-lost', `chunk ${index} is not on the disk`);
    return bytes;
  }

  return {
    async check() {
      return { usable: true, lasting: false, freeBytes: null };
    },
    async list() {
      return [...disk.records.values()].filter(isKeptRecording).sort(oldestFirst);
    },
    async save(recording) {
      disk.records.set(recording.recordingId, copied(recording));
    },
    async saveChunk(recording, index, bytes) {
      const record = copied(recording); // first what can fail
      const chunks = disk.chunks.get(recording.recordingId) ?? new Map();
      disk.chunks.set(recording.recordingId, chunks.set(index, bytes.slice()));
      disk.records.set(recording.recordingId, record);
    },
    async chunk(recordingId, index) {
      return new Blob([get(recordingId, index)]);
    },
    async joined(recordingId, indexes, mimeType) {
      return new Blob(
        indexes.map((index) => get(recordingId, index)),
        { type: mimeType },
      );
    },
    async bytes(recordingId, index) {
      return get(recordingId, index).slice();
    },
    async remove(recordingId) {
      disk.records.delete(recordingId);
      disk.chunks.delete(recordingId);
    },
  };
}

/** Shallow: a record's parts are never changed, only replaced. */
function copied<T extends object>(record: T): T {
  try {
    return { ...record };
  } catch (error) {
    throw new StoreError('failed', 'the record cannot be written', { cause: error });
  }
}
