import type { KeptRecording } from './kept-recording.ts';
import type { ChunkStore, JoinSegments, WholeFile } from './ports.ts';
import { eachChunk, type RecordingDigest } from './recording-digest.ts';

/**
 * The whole recording as one file, for the single path and for keeping it elsewhere: its chunks one after the other, or
 * segments made one file. At most one chunk is in memory besides what joining needs.
 * @throws StoreError; what joining throws
 */
export async function wholeFile(
  record: KeptRecording,
  store: Pick<ChunkStore, 'bytes' | 'joined'>,
  digest: RecordingDigest,
  joinSegments: JoinSegments,
): Promise<WholeFile> {
  const { recordingId, mimeType, mode, chunks } = record;
  if (mode === 'segments' && chunks.length > 1) return joinSegments(eachChunk(record, store), mimeType);
  const sha256 = await digest.of(record);
  const indexes = chunks.map(({ index }) => index);
  const bytes = chunks.reduce((sum, chunk) => sum + chunk.bytes, 0);
  return { body: await store.joined(recordingId, indexes, mimeType), bytes, sha256 };
}
