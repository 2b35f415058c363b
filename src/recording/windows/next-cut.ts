/**
 * Where a window ends: a walk over the tenths from its start, each judged by what came until then. The walk stops at
 * the first reason to cut, so more tenths never change a cut that was found with fewer.
 */
import type { Meter } from './meter.ts';
import { quietestPlace } from './quietest-place.ts';
import { TENTH_MS } from './tenths.ts';
import type { WindowPolicy } from './window-policy.ts';

/** In tenths of the recording. */
export type Cut = {
  readonly at: number;
  readonly kind: 'pause' | 'quietest' | 'fixed';
  /** How many tenths were looked at to find it. */
  readonly seen: number;
  /** The pause that it lies in, as far as it was seen. */
  readonly pause?: { readonly from: number; readonly to: number };
};

/** A pause that goes on is cut so long after its start, once so much more of it was heard. */
const INTO_PAUSE = 5;

/** @returns null when what arrived gives no reason to cut yet */
export function nextCut(meter: Meter, start: number, policy: WindowPolicy): Cut | null {
  const least = policy.minMs / TENTH_MS;
  const most = policy.maxMs / TENTH_MS;
  /** Where it begins to sound: what is silent before does not count for the length. */
  let sounds: number | null = null;
  let pauseFrom: number | null = null;
  let silentFrom: number | null = null;

  for (let tenth = start; tenth < meter.length; tenth += 1) {
    const seen = tenth + 1;
    const isSilent = meter.isSilent(tenth, tenth);
    if (sounds === null && isSilent) {
      if (seen - start >= policy.longestMs / TENTH_MS) return inPause(seen, start, seen);
      continue;
    }
    if (sounds === null) {
      // A long silence is a window of its own, and not sent; a short one belongs to the window that it begins.
      if (tenth - start >= least) return inPause(tenth - policy.keepMs / TENTH_MS, start, seen);
      sounds = tenth;
    }
    silentFrom = isSilent ? (silentFrom ?? tenth) : null;
    if (meter.isPause(tenth)) {
      pauseFrom ??= tenth;
      const at = Math.max(pauseFrom + INTO_PAUSE, sounds + least);
      if (seen >= at + INTO_PAUSE) return inPause(at, pauseFrom, seen);
      if (silentFrom !== null && seen - silentFrom >= policy.silenceMs / TENTH_MS) {
        const early = silentFrom + INTO_PAUSE;
        if (early - sounds >= policy.minBeforeSilenceMs / TENTH_MS) return inPause(early, silentFrom, seen);
      }
    } else if (pauseFrom !== null) {
      const at = Math.floor((pauseFrom + tenth) / 2);
      if (tenth - pauseFrom >= neededPause(at - sounds, policy)) return inPause(at, pauseFrom, tenth, seen);
      pauseFrom = null;
    }
    const length = seen - sounds;
    if (length === policy.fixedMs / TENTH_MS && !tellsPauses(meter, sounds + least, seen))
      return { at: seen, kind: 'fixed', seen };
    if (length >= most) {
      const at = quietestPlace(meter, sounds + least, sounds + most - 1, sounds + policy.fixedMs / TENTH_MS);
      return at === null ? { at: seen, kind: 'fixed', seen } : { at, kind: 'quietest', seen };
    }
  }
  return null;
}

function inPause(at: number, from: number, to: number, seen = to): Cut {
  return { at, kind: 'pause', seen, pause: { from, to } };
}

/** In tenths; infinite before the first pause is good enough. */
function neededPause(lengthInTenths: number, { goodPauses }: WindowPolicy): number {
  const applies = goodPauses.filter(({ afterMs }) => lengthInTenths * TENTH_MS >= afterMs).at(-1);
  return applies === undefined ? Number.POSITIVE_INFINITY : applies.pauseMs / TENTH_MS;
}

/** Whether it is worth waiting for a pause: the levels of the last seconds are known and can show one. */
function tellsPauses(meter: Meter, from: number, to: number): boolean {
  let known = 0;
  for (let tenth = from; tenth < to; tenth += 1) if (!Number.isNaN(meter.level(tenth))) known += 1;
  return known * 2 >= to - from && meter.tellsPauses(to - 1);
}
