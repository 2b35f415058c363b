/** How far the two windows at a cut hear beyond it. */
import type { Meter } from './meter.ts';
import type { Cut } from './next-cut.ts';
import { quietestPlace } from './quietest-place.ts';
import { TENTH_MS } from './tenths.ts';
import type { WindowPolicy } from './window-policy.ts';

/** A cut and its overlap, in tenths: the window before hears up to `to`, the one after it from `from`. */
export type Joint = Cut & { readonly from: number; readonly to: number };

/**
 * In the middle of a silence neither hears beyond the cut. Otherwise both hear about half a second more, up to a quiet
 * place, so that their edges rarely fall into a word.
 *
 * @returns null when too little arrived to say; at the end of a recording there is no more to wait for
 */
export function jointAt(cut: Cut, meter: Meter, policy: WindowPolicy, ended: boolean): Joint | null {
  if (isClean(cut, meter, policy)) return { ...cut, from: cut.at, to: cut.at };
  const { at, kind, pause = { from: at, to: at } } = cut;
  const fixed = policy.fixedOverlapMs / TENTH_MS;
  const least = policy.overlapMs.least / TENTH_MS;
  const most = policy.overlapMs.most / TENTH_MS;
  const seen = Math.max(cut.seen, at + Math.max(fixed, most + 1));
  if (seen > meter.length && !ended) return null;
  if (kind === 'fixed') return { ...cut, seen, from: at - fixed, to: at + fixed };
  // Beyond the pause, if it is a short one: an overlap of nothing but the pause has no word to agree on.
  const before = Math.max(at - most, Math.min(at - least, pause.from - 1));
  const after = Math.min(at + most, Math.max(at + least, pause.to + 1));
  const from = quietestPlace(meter, at - most, before, before) ?? at - fixed;
  const to = quietestPlace(meter, after, at + most, after) ?? at + fixed;
  return { ...cut, seen, from, to };
}

/** Long enough, and silent for sure around the cut: levels may lie beside the audio by as much. */
function isClean({ at, seen, pause }: Cut, meter: Meter, policy: WindowPolicy): boolean {
  if (pause === undefined || (pause.to - pause.from) * TENTH_MS < policy.cleanPauseMs) return false;
  const margin = Math.floor(policy.cleanPauseMs / TENTH_MS / 2) - 1;
  for (let tenth = at - margin; tenth < Math.min(at + margin, seen); tenth += 1) {
    if (!meter.isSilent(tenth, seen - 1)) return false;
  }
  return true;
}
