/** The recorder's levels on one clock: a level for each tenth of a second of the recording, whatever the chunks say. */

/** A chunk's place in the recording, in milliseconds. Chunks follow one another from chunk 0. */
export type ChunkSpan = {
  readonly startMs: number;
  readonly endMs: number;
  /** dBFS, ten a second from `startMs`. */
  readonly levels?: readonly number[];
};

export type Tenths = {
  /** dBFS, QUIETEST to LOUDEST; NaN where it is not known. Only tenths that arrived whole. */
  readonly levels: Float64Array;
  /** Where what arrived ends. */
  readonly endMs: number;
};

export const TENTH_MS = 100;
/** Digital silence is −Infinity dBFS by the formula; meters say −100 or less. */
export const QUIETEST = -120;
/** Louder than full scale by more than a meter's rounding: not dBFS. */
export const LOUDEST = 20;
/** As the client has it: cuts fall between two levels, so a chunk may have one or two more or fewer than tenths. */
const COUNT_TOLERANCE = 2;
/** Nobody talks for longer; a time beyond it is a broken clock, and not worth the memory. */
const LONGEST_MS = 24 * 3_600_000;

/**
 * Times that run backwards or are no numbers count as nothing; the recording goes on where the chunk before ended.
 * A chunk whose levels do not have the number of its tenths has none: they would be out of place.
 */
export function tenthsOf(chunks: readonly ChunkSpan[]): Tenths {
  const ends: number[] = [];
  let endMs = 0;
  for (const chunk of chunks) {
    if (chunk.endMs > endMs) endMs = Math.min(LONGEST_MS, chunk.endMs);
    ends.push(endMs);
  }
  const levels = new Float64Array(Math.floor(endMs / TENTH_MS)).fill(Number.NaN);
  let tenth = 0;
  for (const [index, chunk] of chunks.entries()) {
    const chunkEndMs = ends[index] ?? 0;
    const given = levelsInPlace(chunk);
    for (; tenth < levels.length; tenth += 1) {
      const middleMs = (tenth + 0.5) * TENTH_MS;
      if (middleMs > chunkEndMs) break;
      if (given !== null) levels[tenth] = dBFS(given[Math.floor((middleMs - chunk.startMs) / TENTH_MS)]);
    }
  }
  return { levels, endMs };
}

function levelsInPlace({ startMs, endMs, levels }: ChunkSpan): readonly number[] | null {
  if (levels === undefined) return null;
  const off = Math.abs(levels.length - (endMs - startMs) / TENTH_MS);
  return off <= COUNT_TOLERANCE ? levels : null;
}

function dBFS(level: number | undefined): number {
  if (level === undefined || !(level <= LOUDEST)) return Number.NaN;
  return Math.max(QUIETEST, level);
}
