import { describe, expect, it } from '@jest/globals';
import { inTime, placeInMiddle, placeNear, type WeighedStep } from './seam-place.ts';

/** Both are to be believed as much, unless it is said otherwise. */
const match = (atMs = Number.NaN, left = 1, right = 1): WeighedStep => ({ kind: 'match', atMs, left, right });
const differ = (atMs = Number.NaN, left = 1, right = 1): WeighedStep => ({
  kind: 'differ',
  atMs,
  left,
  right,
});
const leftAt = (atMs: number, left = 1): WeighedStep => ({ kind: 'left', atMs, left, right: 0 });
const rightAt = (atMs: number, right = 1): WeighedStep => ({ kind: 'right', atMs, left: 0, right });
const near = (cutMs: number, ...steps: WeighedStep[]) => {
  const { before, isShared } = placeNear(cutMs, steps);
  expect(before).toEqual(steps.slice(0, before.length));
  return { before: before.length, isShared };
};
const inMiddle = (...steps: WeighedStep[]) => {
  const { before, isShared } = placeInMiddle(steps);
  return { before: before.length, isShared };
};

describe('the seam, where times are known', () => {
  it('is nowhere when there is no step', () => {
    expect(near(1_000)).toEqual({ before: 0, isShared: false });
  });

  it('is between the two words whose middle is nearest the cut', () => {
    const steps = [match(1_000), match(2_000), match(3_000), match(4_000)];
    expect(near(2_900, ...steps)).toEqual({ before: 3, isShared: true });
    expect(near(0, ...steps)).toEqual({ before: 1, isShared: true });
    expect(near(9_000, ...steps)).toEqual({ before: 4, isShared: true });
  });

  it('is far from the cut rather than that a word which one side heard alone is lost', () => {
    expect(near(1_000, match(1_000), leftAt(5_000, 0.5))).toEqual({ before: 2, isShared: false });
    expect(near(0, leftAt(0), leftAt(10_000), match(20_000), rightAt(30_000), rightAt(40_000))).toEqual({
      before: 3,
      isShared: true,
    });
  });

  it('is where of two different words the better one counts', () => {
    expect(near(1_000, match(1_000), differ(1_500, 0.9, 0.3))).toEqual({ before: 2, isShared: false });
    expect(near(1_000, match(1_000), differ(1_500, 0.3, 0.9))).toEqual({ before: 1, isShared: true });
    expect(near(1_500, differ(1_000, 0.3, 0.9), match(1_500))).toEqual({ before: 0, isShared: false });
  });

  it('heeds no trust in a word that both heard', () => {
    expect(near(9_000, match(1_000, 0, 1), match(9_000, 0, 1))).toEqual({ before: 2, isShared: true });
    expect(near(1_000, match(1_000, 1, 0), match(9_000, 1, 0))).toEqual({ before: 1, isShared: true });
  });

  it('is at a word that both heard, on whichever side of it, up to five seconds further from the cut', () => {
    expect(near(0, differ(0), match(9_000))).toEqual({ before: 2, isShared: true });
    expect(near(0, differ(0), match(11_000))).toEqual({ before: 0, isShared: false });
    expect(near(9_000, match(0), differ(9_000))).toEqual({ before: 1, isShared: true });
    expect(near(11_000, match(0), differ(11_000))).toEqual({ before: 2, isShared: false });
  });
});

describe('the seam, where times are not known', () => {
  it('is in the middle of the steps, of two places as good at the first', () => {
    expect(inMiddle(match(), match(), match(), match())).toEqual({ before: 3, isShared: true });
    expect(inMiddle(differ(), differ(), differ(), differ())).toEqual({ before: 2, isShared: false });
    expect(inMiddle(differ())).toEqual({ before: 0, isShared: false });
  });

  it('is away from the middle at a word that both heard', () => {
    expect(inMiddle(match(), differ(), differ(), differ(), differ())).toEqual({ before: 1, isShared: true });
    expect(inMiddle(differ(), differ(), differ(), differ(), match())).toEqual({ before: 5, isShared: true });
  });
});

describe('steps in time', () => {
  it('have the words that one side heard alone ordered between those that both did', () => {
    const steps = [
      leftAt(3),
      rightAt(1),
      match(100),
      rightAt(9),
      leftAt(5),
      differ(50),
      leftAt(8),
      leftAt(7),
    ];
    expect(inTime(steps)).toEqual([
      rightAt(1),
      leftAt(3),
      match(100),
      leftAt(5),
      rightAt(9),
      differ(50),
      leftAt(7),
      leftAt(8),
    ]);
  });
});
