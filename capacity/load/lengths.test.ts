import { describe, expect, it } from '@jest/globals';
import { randomOf } from '../../simulate/random.ts';
import { drawMinutes } from './lengths.ts';

const LENGTHS = { minutes: 1.2, lengthSigma: 0.8, shortestMinutes: 0.05, longestMinutes: 30 };

describe('lengths of recordings', () => {
  it('have the mean that is said, and stay within their bounds (seed 2)', () => {
    const random = randomOf(2, 0);
    const drawn = Array.from({ length: 200_000 }, () => drawMinutes(random, LENGTHS));
    expect(drawn.reduce((sum, value) => sum + value, 0) / drawn.length).toBeCloseTo(1.2, 1);
    expect(drawn.every((minutes) => minutes >= 0.05 && minutes <= 30)).toBe(true);
  });

  it('are all the same without scatter', () => {
    expect(drawMinutes(randomOf(1, 0), { ...LENGTHS, lengthSigma: 0 })).toBe(1.2);
  });
});
