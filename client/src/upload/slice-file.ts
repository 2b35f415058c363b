import type { Capture } from './ports.ts';

const MAX_SLICE_BYTES = 4 * 1024 * 1024;

/** A finished file as byte ranges about `seconds` long (it knows no better than its average rate), read one by one. */
export async function* sliceFile(file: Blob, durationMs: number, seconds: number): AsyncGenerator<Capture> {
  const average = Math.ceil((file.size * seconds * 1000) / Math.max(1, durationMs));
  const size = Math.max(1, Math.min(MAX_SLICE_BYTES, average));
  const timeAt = (position: number) => Math.round((durationMs * position) / file.size);
  for (let at = 0; at < file.size; at += size) {
    const end = Math.min(file.size, at + size);
    const bytes = new Uint8Array(await file.slice(at, end).arrayBuffer());
    yield { bytes, startMs: timeAt(at), endMs: timeAt(end), levels: [] };
  }
}
