/**
 * Two hearings of the same seconds, word by word: the alignment with the highest score, where the end of the left one
 * and the beginning of the right one meet.
 *
 * A pair of equal words scores 1, less what their times differ; a pair of different words scores a little when they are
 * alike or at the same time (one of them is misheard, or cut in half); a word that only one side heard costs. What the
 * left one says before the overlap and the right one after it is free. Scores, not costs: where nothing agrees, the best
 * alignment is none.
 */
import type { HeardToken } from './heard-window.ts';

/** One step through the overlap. `left`, `right`: indexes into what was given; the next one where that side has none. */
export type Step = {
  readonly kind: 'match' | 'differ' | 'left' | 'right';
  readonly left: number;
  readonly right: number;
};

export type Scores = {
  /** Null: no pair. */
  pair(left: HeardToken, right: HeardToken): number | null;
  /** For a word that one of them heard alone. */
  readonly alone: number;
  /** The left one's word may lie before all that the right one hears: then it is free. */
  isBefore(left: HeardToken): boolean;
  /** The right one's word may lie after all that the left one hears. */
  isAfter(right: HeardToken): boolean;
};

export function alignOverlap(
  left: readonly HeardToken[],
  right: readonly HeardToken[],
  scores: Scores,
): Step[] {
  const width = right.length + 1;
  const best = new Float64Array((left.length + 1) * width);
  const came: (Step['kind'] | 'start')[] = [];
  const at = (i: number, j: number) => best[i * width + j] ?? Number.NEGATIVE_INFINITY;
  for (let i = 0; i <= left.length; i += 1) {
    for (let j = 0; j <= right.length; j += 1) {
      const l = left[i - 1];
      const r = right[j - 1];
      let score = l === undefined && r === undefined ? 0 : Number.NEGATIVE_INFINITY;
      let kind: Step['kind'] | 'start' = 'start';
      const consider = (candidate: number, how: Step['kind'] | 'start') => {
        if (candidate <= score) return;
        score = candidate;
        kind = how;
      };
      if (l !== undefined && r !== undefined) {
        const pair = scores.pair(l, r);
        if (pair !== null) consider(at(i - 1, j - 1) + pair, l.norm === r.norm ? 'match' : 'differ');
      }
      if (l !== undefined && j === 0 && scores.isBefore(l)) consider(at(i - 1, 0), 'start');
      if (l !== undefined) consider(at(i - 1, j) + scores.alone, 'left');
      if (r !== undefined) consider(at(i, j - 1) + scores.alone, 'right');
      best[i * width + j] = score;
      came[i * width + j] = kind;
    }
  }
  // The right one goes on alone from where the score is highest, at the earliest where the left one can't have heard it.
  let end = right.length;
  for (let j = right.length - 1; j >= 0; j -= 1) {
    const token = right[j];
    if (token !== undefined && !scores.isAfter(token)) break;
    if (at(left.length, j) >= at(left.length, end)) end = j;
  }
  return stepsBack(came, width, left.length, end);
}

function stepsBack(came: readonly (Step['kind'] | 'start')[], width: number, i: number, j: number): Step[] {
  const steps: Step[] = [];
  let [left, right] = [i, j];
  for (;;) {
    const kind = came[left * width + right];
    if (kind === undefined || kind === 'start') return steps.reverse();
    if (kind !== 'right') left -= 1;
    if (kind !== 'left') right -= 1;
    steps.push({ kind, left, right });
  }
}
