import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { randomOf } from '../../simulate/random.ts';
import { arrivals, dayCurve, EVEN } from './day.ts';

const DAY = 86_400;

describe('the curve of a day', () => {
  it('has its peak where and as high as is said, and the mean 1', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1, max: 10, noNaN: true }),
        fc.integer({ min: 0, max: 23 }),
        (factor, hour) => {
          const curve = dayCurve(factor, hour);
          expect(curve.at(hour * 3_600)).toBeCloseTo(factor, 6);
          const points = Array.from({ length: 288 }, (_, index) => curve.at(index * 300));
          expect(Math.max(...points)).toBeLessThanOrEqual(factor + 1e-9);
          expect(points.reduce((sum, value) => sum + value, 0) / points.length).toBeCloseTo(1, 6);
        },
      ),
    );
  });

  it('goes on over midnight', () => {
    const curve = dayCurve(2.4, 21);
    expect(curve.at(DAY + 5_000)).toBeCloseTo(curve.at(5_000), 9);
  });

  it.each([0.9, 11, Number.NaN])('has no peak of %d', (factor) => {
    expect(() => dayCurve(factor, 21)).toThrow(RangeError);
  });
});

describe('arrivals', () => {
  it('come as often as is said, by the curve, in order (seed 5)', () => {
    const all = [...arrivals(200_000, dayCurve(2.4, 21), { from: 0, to: DAY }, randomOf(5, 0))];
    expect(all.length / 200_000).toBeCloseTo(1, 2);
    expect(all).toEqual([...all].sort((a, b) => a - b));
    const busiest = all.filter((at) => at >= 20.5 * 3_600 && at < 21.5 * 3_600).length;
    expect(busiest / (200_000 / 24)).toBeGreaterThan(2.3);
    expect(busiest / (200_000 / 24)).toBeLessThan(2.45);
  });

  it('are as uneven as chance: the variance of counts is their mean (seed 6)', () => {
    const counts = new Array<number>(1_000).fill(0);
    for (const at of arrivals(20 * DAY, EVEN, { from: 0, to: 1_000 }, randomOf(6, 0)))
      counts[Math.floor(at)] = (counts[Math.floor(at)] ?? 0) + 1;
    const mean = counts.reduce((sum, value) => sum + value, 0) / counts.length;
    const variance = counts.reduce((sum, value) => sum + (value - mean) ** 2, 0) / counts.length;
    expect(variance / mean).toBeGreaterThan(0.85);
    expect(variance / mean).toBeLessThan(1.15);
  });
});
