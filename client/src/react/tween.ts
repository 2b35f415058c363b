/**
 * What a bar shows between two readings of its target: it moves there with an ease, and when the target stands still
 * though work goes on, it creeps a little ahead and slows down. It never goes back, and is full only when the target is.
 */

/** After so long it has gone 63 % of the way to its target. */
const EASE_MS = 280;
/** The same for the way ahead of the target: slow, as nothing is known of it yet. */
const CREEP_MS = 5_000;
/** How far it may run ahead: about what the server's own curve moves between two polls. */
export const LEAD = 0.02;
/** Ahead of its target it never looks full. */
const NOT_FULL = 0.985;
/** Nearer than this it is there: less than a pixel of a bar of 500. */
const THERE = 0.001;

export type Tween = {
  readonly shown: number;
  readonly target: number;
  readonly elapsedMs: number;
  /** How far it may go ahead of the target: LEAD while something is going on, 0 when it stands (offline). */
  readonly lead: number;
  /** With reduced motion it steps to the target. */
  readonly reducedMotion: boolean;
};

/** The value to show `elapsedMs` after `shown` was. */
export function tween({ shown, target, elapsedMs, lead, reducedMotion }: Tween): number {
  if (target < shown - LEAD) return target; // another recording
  if (reducedMotion) return Math.max(shown, target);
  const elapsed = Math.max(0, elapsedMs);
  if (shown < target) {
    const next = shown + (target - shown) * (1 - Math.exp(-elapsed / EASE_MS));
    return target - next < THERE ? target : next;
  }
  const limit = target >= 1 ? 1 : Math.min(NOT_FULL, target + Math.min(LEAD, Math.max(0, lead)));
  return shown >= limit ? shown : shown + (limit - shown) * (1 - Math.exp(-elapsed / CREEP_MS));
}

/** It will show the same from now on, until its target or lead changes. */
export function isAtRest({ shown, target, lead, reducedMotion }: Omit<Tween, 'elapsedMs'>): boolean {
  if (shown < target || shown > target + LEAD) return false;
  return (
    reducedMotion || target >= 1 || lead <= 0 || target + lead - shown < THERE || shown > NOT_FULL - THERE
  );
}
