/** Between which two steps of an alignment the seam lies: where what does not count is worth the least. */
import type { Step } from './align-overlap.ts';

export type WeighedStep = {
  readonly kind: Step['kind'];
  /** NaN without times. */
  readonly atMs: number;
  /** How much the left window's word is to be believed, and the right one's; 0 where it has none. */
  readonly left: number;
  readonly right: number;
};

export type Place = {
  /** The steps of which the left window's words count. */
  readonly before: readonly WeighedStep[];
  /** The last of them is a word that both heard. */
  readonly isShared: boolean;
};

/** A seam at a word that both heard is worth so much of another word. */
const AWAY_FROM_MATCH = 0.05;
/** A second, or a word, away from where the seam should be. */
const AWAY = 0.01;

export function placeNear(cutMs: number, steps: readonly WeighedStep[]): Place {
  return cheapest(steps, (place) => {
    const around = steps.slice(Math.max(0, place - 1), place + 1);
    const atMs = around.reduce((sum, step) => sum + step.atMs, 0) / Math.max(1, around.length);
    return Math.abs(atMs - cutMs) / 1000;
  });
}

/** Without times the overlap's middle is where the cut is. */
export function placeInMiddle(steps: readonly WeighedStep[]): Place {
  return cheapest(steps, (place) => Math.abs(place - steps.length / 2));
}

/** Words that one side heard alone have no order among them but their times. */
export function inTime(steps: readonly WeighedStep[]): WeighedStep[] {
  const ordered: WeighedStep[] = [];
  let alone: WeighedStep[] = [];
  const flush = () => {
    ordered.push(...alone.sort((a, b) => a.atMs - b.atMs));
    alone = [];
  };
  for (const step of steps) {
    if (step.kind === 'left' || step.kind === 'right') alone.push(step);
    else {
      flush();
      ordered.push(step);
    }
  }
  flush();
  return ordered;
}

function cheapest(steps: readonly WeighedStep[], away: (place: number) => number): Place {
  let best = { cost: Number.POSITIVE_INFINITY, place: 0 };
  for (let place = 0; place <= steps.length; place += 1) {
    const lost = steps.reduce((sum, step, index) => sum + lostBy(step, index < place), 0);
    const isAtMatch = steps[place]?.kind === 'match' || steps[place - 1]?.kind === 'match';
    const cost = lost + (isAtMatch ? 0 : AWAY_FROM_MATCH) + AWAY * away(place);
    if (cost < best.cost) best = { cost, place };
  }
  // Of a word that both heard either is good: with the left one before the seam, the seam is at the word.
  const end = best.place + (steps[best.place]?.kind === 'match' ? 1 : 0);
  return { before: steps.slice(0, end), isShared: steps[end - 1]?.kind === 'match' };
}

/** How much better a word is that does not count than the one that does. */
function lostBy({ kind, left, right }: WeighedStep, isLeft: boolean): number {
  if (kind === 'match') return 0;
  return Math.max(0, isLeft ? right - left : left - right);
}
