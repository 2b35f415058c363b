import type { Meter } from './meter.ts';

/**
 * The border between the two tenths that are quietest together, `from` to `to`; of equally quiet ones the nearest to
 * `near`. Null when no two levels there are known.
 */
export function quietestPlace(
  meter: Pick<Meter, 'level'>,
  from: number,
  to: number,
  near: number,
): number | null {
  let best: number | null = null;
  let bestLevel = Number.POSITIVE_INFINITY;
  for (let place = from; place <= to; place += 1) {
    const level = meter.level(place - 1) + meter.level(place);
    if (Number.isNaN(level) || level > bestLevel) continue;
    if (level === bestLevel && best !== null && Math.abs(place - near) >= Math.abs(best - near)) continue;
    best = place;
    bestLevel = level;
  }
  return best;
}
