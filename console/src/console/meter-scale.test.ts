import { expect, it } from '@jest/globals';
import { LINE, meterPosition } from './meter-scale.ts';

it('has no evidence at its left end', () => {
  expect([0, 0.02, 1].map((eValue) => meterPosition(eValue, 20))).toEqual([0, 0, 0]);
});

it('reaches the line at the threshold, whichever it is', () => {
  expect([20, 100, 1_000].map((threshold) => meterPosition(threshold, threshold))).toEqual([
    LINE,
    LINE,
    LINE,
  ]);
});

it('counts by multiplication: half of the way is the root of the threshold', () => {
  expect(meterPosition(10, 100)).toBeCloseTo(LINE / 2, 10);
});

it('ends at its right end, however much there is', () => {
  expect(meterPosition(1e300, 20)).toBe(1);
});
