/** What became of every millisecond of a recording: heard (or silent), or a gap with its reason. */
import type { Coverage, Gap } from '../events.ts';

/** A window's core, in milliseconds of the recording: heard, or silent and not sent; with `gap` neither, and why. */
export type Covered = { readonly startMs: number; readonly endMs: number; readonly gap?: string };

type Span = { readonly startMs: number; readonly endMs: number };

/** Times are rounded, and a window ends with a packet: less than this is no hole. */
const HOLE_MS = 100;
/** By so much the recorder's clock and the stored sound may differ. */
const NOT_STORED_MS = 500;

/**
 * What was heard and what was not. Of what lies in several windows, one that was heard counts before a gap; what lies in
 * none is a gap `not_transcribed`, what the recorder says it recorded beyond the stored sound is `not_stored`. What was
 * captured, less the gaps, is what was transcribed, to the millisecond: where recorder and sound differ by no more than
 * two clocks do, the sound's own length counts as captured.
 *
 * @param capturedMs by the recorder; undefined when it did not say
 */
export function coverage(
  capturedMs: number | undefined,
  storedMs: number,
  windows: readonly Covered[],
): Coverage {
  const toldMs = capturedMs ?? storedMs;
  const captured = toldMs - storedMs > NOT_STORED_MS ? toldMs : storedMs;
  const left = holes(
    storedMs,
    windows.filter(({ gap }) => gap === undefined),
  );
  const gaps: Gap[] = [];
  for (const hole of left) gaps.push(...explained(hole, windows));
  const lostMs = gaps.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
  if (captured > storedMs) gaps.push({ startMs: storedMs, endMs: captured, reason: 'not_stored' });
  return { capturedMs: captured, storedMs, transcribedMs: storedMs - lostMs, gaps };
}

/** What no window covers and no gap explains, but for what rounding leaves open. */
export function holes(storedMs: number, windows: readonly Covered[]): Span[] {
  const open: Span[] = [];
  let at = 0;
  const sorted = windows
    .filter(({ startMs, endMs }) => endMs > startMs && startMs < storedMs)
    .sort((a, b) => a.startMs - b.startMs);
  for (const { startMs, endMs } of sorted) {
    open.push({ startMs: at, endMs: startMs });
    at = Math.max(at, endMs);
  }
  open.push({ startMs: at, endMs: storedMs });
  return open.filter(({ startMs, endMs }) => endMs - startMs > HOLE_MS);
}

/** A stretch that was not heard, by the gaps' own reasons; neighbours of one reason are one gap. */
function explained(hole: Span, windows: readonly Covered[]): Gap[] {
  const gaps: Gap[] = [];
  let at = hole.startMs;
  const add = (endMs: number, reason: string) => {
    if (endMs <= at) return;
    const last = gaps.at(-1);
    if (last?.reason === reason) gaps[gaps.length - 1] = { ...last, endMs };
    else gaps.push({ startMs: at, endMs, reason });
    at = endMs;
  };
  const known = windows
    .filter(({ gap, startMs, endMs }) => gap !== undefined && endMs > startMs && startMs < hole.endMs)
    .sort((a, b) => a.startMs - b.startMs);
  for (const { startMs, endMs, gap = NOT_TRANSCRIBED } of known) {
    // What rounding leaves open beside a gap is a part of it.
    if (startMs - at > HOLE_MS) add(startMs, NOT_TRANSCRIBED);
    add(Math.min(endMs, hole.endMs), gap);
  }
  const last = gaps.at(-1);
  add(hole.endMs, last !== undefined && hole.endMs - at <= HOLE_MS ? last.reason : NOT_TRANSCRIBED);
  return gaps;
}

/** The reason of what no window answers for. */
export const NOT_TRANSCRIBED = 'not_transcribed';
