/** A file as a recording: what it is, how long it sounds, and how it is cut into chunks. */
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

/** By the first bytes; null when it is no recording we know. */
export function mimeTypeOf(bytes: Uint8Array): string | null {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WAVE') return 'audio/wav';
  if (text(0, 4) === '\x1aE\xdf\xa3') return 'audio/webm';
  if (text(4, 8) === 'ftyp' || text(4, 8) === 'moov') return 'audio/mp4';
  if (text(0, 4) === 'OggS') return 'audio/ogg';
  if (text(0, 3) === 'ID3' || (bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0)) return 'audio/mpeg';
  return null;
}

/** By the first bytes; null when it is no image we know. */
export function imageTypeOf(bytes: Uint8Array): string | null {
  const text = (from: number, to: number) => Buffer.from(bytes.subarray(from, to)).toString('latin1');
  if (text(0, 3) === '\xff\xd8\xff') return 'image/jpeg';
  if (text(0, 8) === '\x89PNG\r\n\x1a\n') return 'image/png';
  if (text(0, 4) === 'RIFF' && text(8, 12) === 'WEBP') return 'image/webp';
  if (text(4, 8) === 'ftyp' && /^(heic|heix|mif1|msf1)$/.test(text(8, 12))) return 'image/heic';
  return null;
}

/** Milliseconds of sound; rejects when the file cannot be read. */
export async function durationOf(bytes: Uint8Array): Promise<number> {
  const input = new Input({ source: new BufferSource(bytes), formats: ALL_FORMATS });
  try {
    return Math.round((await input.computeDuration()) * 1000);
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
 */
export async function cutIntoChunks(bytes: Uint8Array, options: CutOptions): Promise<RecordingChunk[]> {
  const { mode, mimeType, durationMs, seconds, maxChunkBytes } = options;
  if (mode === 'whole') return [chunkOf(0, bytes, 0, durationMs)];
  if (mode === 'segments') {
    const segments = await splitIntoSegments(bytes, mimeType, seconds);
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
