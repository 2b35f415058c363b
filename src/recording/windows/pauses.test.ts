import { expect, it } from '@jest/globals';
import { pauseThresholds } from './pauses.ts';

const stretch = (tenths: number, level: number) =>
  Array.from({ length: tenths }, (_, i) => level + (i % 3) - 1);
const lastOf = (...levels: number[][]) => pauseThresholds(Float64Array.from(levels.flat())).at(-1);

it('a pause is near the quietest and far from the loudest', () => {
  expect(lastOf(stretch(40, -20), stretch(10, -60), stretch(40, -20))).toBe(-50);
});

it('follows a room that gets louder within half a minute', () => {
  const street = Array.from({ length: 6 }, () => [...stretch(50, -15), ...stretch(6, -35)]);
  expect(lastOf(stretch(40, -20), stretch(10, -60), ...street)).toBeGreaterThan(-35);
});

it('is nowhere in a hum, in a constant, or before there are three seconds to go by', () => {
  expect(lastOf(stretch(300, -40))).toBeNaN();
  expect(lastOf(Array(300).fill(-100))).toBeNaN();
  expect(lastOf(stretch(20, -20), stretch(5, -60))).toBeNaN();
});
