/**
 * The SHA-256 of the whole recording, chunk after chunk, so that the server can tell whether what it joined is what was
 * recorded. Taken along while recording, when each chunk is in memory anyhow; after a crash it is taken from the store.
 */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { KeptRecording } from './kept-recording.ts';
import type { ChunkStore } from './ports.ts';

/** In hex. Also where a page has no `crypto.subtle` (no secure context, a phone): 50–100 MB/s are enough. */
export function digestOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}

export interface RecordingDigest {
  /** The next chunk. */
  add(bytes: Uint8Array): void;
  /** In hex, of all chunks of the record. @throws StoreError `chunk-lost` */
  of(record: KeptRecording): Promise<string>;
}

export function recordingDigest(store: Pick<ChunkStore, 'bytes'>): RecordingDigest {
  const alongside = sha256.create();
  let chunks = 0;
  return {
    add(bytes) {
      alongside.update(bytes);
      chunks++;
    },
    async of(record) {
      if (record.chunks.length === chunks) return bytesToHex(alongside.clone().digest());
      const hash = sha256.create();
      for await (const bytes of eachChunk(record, store)) hash.update(bytes);
      return bytesToHex(hash.digest());
    },
  };
}

export async function* eachChunk(
  { recordingId, chunks }: KeptRecording,
  store: Pick<ChunkStore, 'bytes'>,
): AsyncGenerator<Uint8Array> {
  for (const { index } of chunks) yield store.bytes(recordingId, index);
}
