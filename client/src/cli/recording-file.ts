/** A file as a recording: how long it sounds, and how it is cut into chunks. */
import { createHash } from 'node:crypto';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import type { ChunkMode } from '../contract.ts';
import { splitIntoSegments } from './split-into-segments.ts';

export type RecordingChunk = {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly startMs: number;
  readonly endMs: number;
};

/** The file cannot be sent as asked; the message is one line for a person. */
export class FileError extends Error {}

/** Milliseconds of sound, 0 when there is none; rejects when the file cannot be read. */
export async function durationOf(bytes: Uint8Array): Promise<number> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    const track = await input.getPrimaryAudioTrack();
    return track === null ? 0 : Math.round((await track.computeDuration()) * 1000);
  } finally {
    input.dispose();
  }
}

export type CutOptions = {
  readonly mode: ChunkMode | 'whole';
  readonly mimeType: string;
  readonly durationMs: number;
  readonly seconds: number;
  readonly maxChunkBytes: number;
};

/**
 * `segments`: complete files. `stream` and `slices`: byte ranges about `seconds` long (a finished file knows no better
 * than its average rate). `whole`: one chunk.
 * @throws FileError
 */
export async function cutIntoChunks(bytes: Uint8Array, options: CutOptions): Promise<RecordingChunk[]> {
  const { mode, mimeType, durationMs, seconds, maxChunkBytes } = options;
  const tooLarge = (what: string, size: number) =>
    new FileError(`${what} has ${size} bytes, and the server takes ${maxChunkBytes}`);
  if (mode === 'whole') {
    if (bytes.length > maxChunkBytes) throw tooLarge('the file', bytes.length);
    return [chunkOf(0, bytes, 0, durationMs)];
  }
  if (mode === 'segments') {
    const segments = await splitIntoSegments(bytes, mimeType, seconds).catch((error) => {
      throw new FileError(`the file cannot be split into segments: ${(error as Error).message}`);
    });
    const longest = Math.max(...segments.map(({ length }) => length));
    if (longest > maxChunkBytes) throw tooLarge(`a segment of ${seconds} s`, longest);
    return segments.map((segment, index) =>
      chunkOf(index, segment, index * seconds * 1000, Math.min(durationMs, (index + 1) * seconds * 1000)),
    );
  }
  const size = Math.max(
    1,
    Math.min(maxChunkBytes, Math.ceil((bytes.length * seconds * 1000) / Math.max(1, durationMs))),
  );
  const chunks: RecordingChunk[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const end = Math.min(bytes.length, at + size);
    const time = (position: number) => Math.round((durationMs * position) / bytes.length);
    chunks.push(chunkOf(chunks.length, bytes.subarray(at, end), time(at), time(end)));
  }
  return chunks;
}

function chunkOf(index: number, bytes: Uint8Array, startMs: number, endMs: number): RecordingChunk {
  return { index, bytes, sha256: sha256Of(bytes), startMs, endMs: Math.max(startMs, endMs) };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
