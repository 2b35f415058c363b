/** Where something sounds: a plain energy detector, enough to tell sound from silence and from a steady hum. */
import { SOUND_RATE } from './sound.ts';

export type Span = { readonly startMs: number; readonly endMs: number };

const FRAME_MS = 30;
const FRAME = (SOUND_RATE * FRAME_MS) / 1000;
/** Quieter than this (RMS) is silence. */
const FLOOR = 10 ** (-50 / 20);
/** What stays within 9 dB of the quietest tenth of the recording is its background: a fan, a road, a hiss. */
const ABOVE_BACKGROUND = 10 ** (9 / 20);
/** A short piece of speech has no pause to tell a background from: a background is never taken to be louder. */
const LOUDEST_BACKGROUND = 10 ** (-32 / 20);
/** A pause shorter than this is part of what sounds. */
const BRIDGE_MS = 300;
/** Anything shorter is a click. */
const MIN_MS = 90;

/** RMS of each 30 ms. */
function levels(samples: Float32Array): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / FRAME) }, (_, frame) => {
    let energy = 0;
    for (let i = frame * FRAME; i < (frame + 1) * FRAME; i++) energy += (samples[i] ?? 0) ** 2;
    return Math.sqrt(energy / FRAME);
  });
}

/** @param samples mono, SOUND_RATE */
export function soundingSpans(samples: Float32Array): Span[] {
  const frames = levels(samples);
  const quiet = frames.slice().sort()[Math.floor(frames.length / 10)] ?? 0;
  const background = Math.min(quiet, LOUDEST_BACKGROUND);
  const threshold = Math.max(FLOOR, background * ABOVE_BACKGROUND);
  const spans: { startMs: number; endMs: number }[] = [];
  for (const [frame, level] of frames.entries()) {
    if (level <= threshold) continue;
    const startMs = frame * FRAME_MS;
    const last = spans.at(-1);
    if (last !== undefined && startMs - last.endMs < BRIDGE_MS) last.endMs = startMs + FRAME_MS;
    else spans.push({ startMs, endMs: startMs + FRAME_MS });
  }
  return spans.filter(({ startMs, endMs }) => endMs - startMs >= MIN_MS);
}

export function totalMs(spans: readonly Span[]): number {
  return spans.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);
}

/** How much of `spans` lies within one of `others` (both in order, neither overlapping itself). */
export function overlapMs(spans: readonly Span[], others: readonly Span[]): number {
  let sum = 0;
  let from = 0;
  for (const { startMs, endMs } of spans) {
    while ((others[from]?.endMs ?? Number.POSITIVE_INFINITY) <= startMs) from++;
    for (let i = from; (others[i]?.startMs ?? Number.POSITIVE_INFINITY) < endMs; i++) {
      const other = others[i];
      if (other !== undefined) sum += Math.min(endMs, other.endMs) - Math.max(startMs, other.startMs);
    }
  }
  return sum;
}
