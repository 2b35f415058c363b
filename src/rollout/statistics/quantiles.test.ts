import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Histogram, merge, NO_TIMES, quantile, record, recorded } from './quantiles.ts';

const histogramOf = (times: readonly number[]): Histogram => times.reduce(record, NO_TIMES);

describe('quantiles of times', () => {
  it('are within 1 % of a measured time of that rank', () => {
    const times = fc.array(fc.double({ min: 1, max: 86_400_000, noNaN: true }), {
      minLength: 1,
      maxLength: 80,
    });
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (list, q) => {
        const exact = list.toSorted((a, b) => a - b)[Math.floor(q * (list.length - 1))] ?? Number.NaN;
        const said = quantile(histogramOf(list), q) ?? Number.NaN;
        expect(Math.abs(said / exact - 1)).toBeLessThan(0.010001);
      }),
    );
  });

  it('are nothing of nothing', () => {
    expect(quantile(NO_TIMES, 0.5)).toBeNull();
    expect(recorded(NO_TIMES)).toBe(0);
  });

  it('are the same when two histograms are merged, and after JSON', () => {
    const [one, other] = [histogramOf([800, 2_000, 2_100]), histogramOf([2_000, 60_000])];
    const both = merge(one, other);
    expect(both).toEqual(histogramOf([800, 2_000, 2_100, 2_000, 60_000]));
    expect(recorded(both)).toBe(5);
    expect(JSON.parse(JSON.stringify(both))).toEqual(both);
  });

  it('take a clock that jumped for the shortest or the longest time, and leave out what is no number', () => {
    expect(quantile(histogramOf([-50]), 0.5)).toBeCloseTo(1, 1);
    expect((quantile(histogramOf([1e15]), 0.5) ?? 0) / 86_400_000).toBeCloseTo(1, 1);
    expect(record(NO_TIMES, Number.NaN)).toBe(NO_TIMES);
  });

  it('need no more than 915 buckets', () => {
    const indices = [1, 86_400_000].map((ms) => Number(Object.keys(record(NO_TIMES, ms))[0]));
    expect((indices[1] ?? 0) - (indices[0] ?? 0)).toBeLessThan(915);
  });
});
