import { createHash } from 'node:crypto';
import type { ObjectStore } from '../objects/object-store.ts';
import type { Chunk, Session } from '../recording/session.ts';
import { needed } from './needed.ts';

/** A stored chunk is no longer what was acknowledged. */
export class ChunkDamaged extends Error {
  readonly code = 'chunk_damaged';
  constructor(index: number) {
    super(`chunk ${index} is not what was acknowledged: its size or SHA-256 differs`);
    this.name = 'ChunkDamaged';
  }
}

/** The chunks that make up the recording, in order. */
export function chunksOf(session: Session): Chunk[] {
  const { chunks } = needed(session.upload, 'completed upload');
  return Array.from({ length: chunks }, (_, index) => needed(session.chunks.get(index), `chunk ${index}`));
}

/** One chunk in memory, checked against its acknowledgement. */
export async function readChunk(objects: ObjectStore, chunk: Chunk): Promise<Uint8Array> {
  const bytes = await objects.read(chunk.key, chunk.bytes);
  if (bytes.byteLength !== chunk.bytes || createHash('sha256').update(bytes).digest('hex') !== chunk.sha256) {
    throw new ChunkDamaged(chunk.index);
  }
  return bytes;
}
