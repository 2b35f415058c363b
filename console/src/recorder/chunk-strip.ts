/** What the chunks panel shows of an upload: how many stand where, and the ones worth looking at. */
import type { ChunkView } from '@thankly/voice-client';

/** Five minutes in chunks of five seconds. */
const SHOWN = 60;

export type ChunkStrip = {
  readonly counts: Readonly<Record<ChunkView['state'], number>>;
  /** Tries that failed, of all chunks. */
  readonly failures: number;
  /** Received ones at the beginning that are only counted. */
  readonly earlier: number;
  readonly shown: readonly ChunkView[];
};

export function chunkStrip(chunks: readonly ChunkView[], most = SHOWN): ChunkStrip {
  const counts = { acknowledged: 0, sending: 0, waiting: 0 };
  let failures = 0;
  for (const chunk of chunks) {
    counts[chunk.state] += 1;
    failures += chunk.failures;
  }
  const firstOpen = chunks.findIndex(({ state }) => state !== 'acknowledged');
  const settled = firstOpen === -1 ? chunks.length : firstOpen;
  const earlier = Math.max(0, Math.min(settled, chunks.length - most));
  return { counts, failures, earlier, shown: chunks.slice(earlier) };
}
