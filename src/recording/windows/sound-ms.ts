import { type Meter, readMeter } from './meter.ts';
import { type ChunkSpan, TENTH_MS, tenthsOf } from './tenths.ts';

/** Of fewer tenths than this share nothing can be told. */
const LEAST_KNOWN = 0.8;

/**
 * Tells how much sounds between two times, in milliseconds, by levels that tell sound from pauses; undefined when they
 * don't.
 *
 * @param chunks the recording from its start, without a hole
 */
export function soundMeter(
  chunks: readonly ChunkSpan[],
): (fromMs: number, toMs: number) => number | undefined {
  const meter = readMeter(tenthsOf(chunks).levels);
  return (fromMs, toMs) => soundMs(meter, fromMs, toMs);
}

function soundMs(meter: Meter, fromMs: number, toMs: number): number | undefined {
  const from = Math.max(0, Math.floor(fromMs / TENTH_MS));
  const to = Math.max(from, Math.ceil(toMs / TENTH_MS));
  let known = 0;
  let sounding = 0;
  for (let tenth = from; tenth < Math.min(to, meter.length); tenth += 1) {
    if (!meter.tellsPauses(tenth)) continue;
    known += 1;
    if (!meter.isPause(tenth)) sounding += 1;
  }
  return known === 0 || known < LEAST_KNOWN * (to - from) ? undefined : sounding * TENTH_MS;
}
