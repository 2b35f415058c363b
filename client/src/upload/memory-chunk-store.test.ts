import { chunkStoreConformance } from './chunk-store-conformance.ts';
import { createMemoryChunkStore, createMemoryDisk } from './memory-chunk-store.ts';

chunkStoreConformance('memory', async () => {
  const disk = createMemoryDisk();
  return {
    open: async () => createMemoryChunkStore(disk),
    plantRecord: async (recordingId, record) => void disk.records.set(recordingId, record),
    readRecord: async (recordingId) => disk.records.get(recordingId),
    loseChunk: async (recordingId, index) => void disk.chunks.get(recordingId)?.delete(index),
    read: async (body) => new Uint8Array(await (body as Blob).arrayBuffer()),
    dispose: async () => undefined,
  };
});
