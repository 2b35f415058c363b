/**
 * Files of one recording on its time line. What follows without a hole is one run, in which times are the running sum
 * of lengths, as in the joined recording; where a file is missing a new run begins.
 */
import { MAX_SECONDS } from './limits.ts';
import type { TimeSpan } from './media.ts';
import { MediaError } from './media-error.ts';
import { wholeMs } from './whole-ms.ts';

/** A file's sound, and where it is said to begin. Milliseconds. */
export interface Sound {
  readonly startMs: number;
  /** All its packets or samples together. */
  readonly lengthMs: number;
  /** How much of that comes before its sound. */
  readonly primingMs: number;
}

export interface Placed<S extends Sound> {
  readonly sound: S;
  /** Of its first packet: in a run's first file before the sound begins, by the priming. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** Starts come rounded, or from a clock: less than that is no hole. A missing file is a second at least. */
const HOLE_MS = 250;

/** Of a packet that has less than this in a span nothing is missed; times are given in whole milliseconds. */
export const TOUCH_MS = 0.5;

/** The first run that sounds in the span; none (empty) when nothing does. @throws MediaError `too_long` */
export function runIn<S extends Sound>(
  sounds: readonly S[],
  { startMs, endMs }: TimeSpan,
): { readonly run: readonly Placed<S>[]; readonly availableMs: number } {
  const togetherMs = sounds.reduce((sum, { lengthMs }) => sum + lengthMs, 0);
  if (togetherMs > MAX_SECONDS * 1000) throw new MediaError('too_long', 'the files together are too long');
  const runs: Placed<S>[][] = [];
  for (const sound of sounds) {
    const before = runs.at(-1)?.at(-1);
    const said = sound.startMs - sound.primingMs;
    const follows = before !== undefined && Math.abs(said - before.toMs) < HOLE_MS;
    const fromMs = follows ? before.toMs : said;
    const placed = { sound, fromMs, toMs: fromMs + sound.lengthMs };
    if (follows) runs.at(-1)?.push(placed);
    else runs.push([placed]);
  }
  const run = runs.find(
    ([first, ...others]) =>
      first !== undefined &&
      first.sound.startMs < endMs - TOUCH_MS &&
      (others.at(-1) ?? first).toMs > startMs + TOUCH_MS,
  );
  const reached = runs.flat().map(({ toMs }) => toMs);
  return { run: run ?? [], availableMs: wholeMs(Math.max(0, ...reached)) };
}

/** A file that is only a header is none yet. */
export async function unlessEmpty<T>(read: () => T | Promise<T>): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof MediaError && error.code === 'empty') return null;
    throw error;
  }
}
