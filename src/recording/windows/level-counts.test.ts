import { expect, it } from '@jest/globals';
import { createLevelCounts } from './level-counts.ts';
import { LOUDEST, QUIETEST } from './tenths.ts';

it('tells the level at or under, and at or over, which so many lie', () => {
  const counts = createLevelCounts();
  counts.count(-60.4, 3);
  counts.count(-20, 2);
  expect(counts.size()).toBe(5);
  expect([1, 3, 4, 5].map(counts.lowest)).toEqual([-60, -60, -20, -20]);
  expect([1, 2, 3, 5].map(counts.highest)).toEqual([-20, -20, -60, -60]);
});

it('knows the ends of the scale, and lets what was counted be taken out again', () => {
  const counts = createLevelCounts();
  counts.count(QUIETEST, 1);
  counts.count(LOUDEST, 1);
  expect([counts.lowest(1), counts.highest(1)]).toEqual([QUIETEST, LOUDEST]);
  counts.count(QUIETEST, -1);
  expect([counts.size(), counts.lowest(1)]).toEqual([1, LOUDEST]);
});

it('of more than were counted is the far end', () => {
  const counts = createLevelCounts();
  counts.count(-40, 1);
  expect([counts.lowest(2), counts.highest(2)]).toEqual([LOUDEST, QUIETEST]);
});
