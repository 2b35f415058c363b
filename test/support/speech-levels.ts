/** Levels as a recorder's meter would give them of somebody who speaks freely; and chunks that carry levels. */
import { mulberry32 } from '../../src/ai/sandbox/dtmf/encode.ts';
import type { ChunkSpan } from '../../src/recording/windows/tenths.ts';

/** Silence from here on is not counted as sounding, but for half a second on each side. */
const LONG_TENTHS = 20;

export type SpokenLevels = { readonly levels: number[]; readonly soundingMs: number };

/**
 * Phrases of about 2 s (log-normal), pauses of about 0.45 s, now and then a thought of 1 to 6 s; speech at −24 ± 7 dBFS
 * in a room of −58 ± 1.2 dBFS.
 */
export function speechLevels(seed: number, seconds: number): SpokenLevels {
  const random = mulberry32(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const room = -62 + random() * 10;
  const levels: number[] = [];
  let soundingMs = 0;
  const total = Math.round(seconds * 10);
  const add = (level: () => number, tenths: number) => {
    const fits = Math.min(tenths, total - levels.length);
    for (let i = 0; i < fits; i += 1) levels.push(Math.round(level() * 10) / 10);
    return fits;
  };
  while (levels.length < total) {
    const phrase = add(() => -24 + 7 * normal(), Math.ceil(20 * Math.exp(0.6 * normal())));
    const thinks = random() < 0.12;
    const pause = thinks ? 10 + random() * 50 : 4.5 * Math.exp(0.7 * normal());
    const silence = add(() => room + 1.2 * normal(), Math.round(pause));
    soundingMs += 100 * (phrase + (silence >= LONG_TENTHS ? 10 : silence));
  }
  return { levels, soundingMs };
}

/** Chunks of so many milliseconds over these levels; the last is what is left. */
export function chunksOf(levels: readonly number[], chunkMs = 5_000): ChunkSpan[] {
  const chunks: ChunkSpan[] = [];
  for (let startMs = 0; startMs < levels.length * 100; startMs += chunkMs) {
    const endMs = Math.min(startMs + chunkMs, levels.length * 100);
    chunks.push({ startMs, endMs, levels: levels.slice(startMs / 100, endMs / 100) });
  }
  return chunks;
}

/** Chunks of a recorder without a meter. */
export function chunksWithoutLevels(seconds: number, chunkMs = 5_000): ChunkSpan[] {
  return chunksOf(Array(Math.round(seconds * 10)).fill(0), chunkMs).map(({ startMs, endMs }) => ({
    startMs,
    endMs,
  }));
}
