import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { amountsOf, type Block, costOf, fitLine, fitUnitCosts } from './unit-costs.ts';

const cost = fc.double({ min: 0, max: 1e6, noNaN: true });

describe('a line through what was measured', () => {
  it('finds what every recording has and what each minute adds', () => {
    fc.assert(
      fc.property(cost, cost, (fixed, perMinute) => {
        const line = fitLine([0.5, 2, 5].map((minutes) => [minutes, fixed + perMinute * minutes]));
        const size = Math.max(1, fixed, perMinute);
        expect(line.fixed / size).toBeCloseTo(fixed / size, 6);
        expect(line.perMinute / size).toBeCloseTo(perMinute / size, 6);
      }),
    );
  });

  it('never costs less than nothing, whatever was measured', () => {
    const points = fc.array(fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), cost), { minLength: 1 });
    fc.assert(
      fc.property(points, (all) => {
        const { fixed, perMinute } = fitLine(all);
        expect(fixed).toBeGreaterThanOrEqual(0);
        expect(perMinute).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is level where longer recordings seem to cost less, and through zero where short ones do', () => {
    expect(
      fitLine([
        [1, 6],
        [5, 4],
      ]),
    ).toEqual({ fixed: 5, perMinute: 0 });
    expect(
      fitLine([
        [1, 0],
        [2, 10],
      ]).fixed,
    ).toBe(0);
  });

  it('grows with the length where only one was measured', () => {
    expect(fitLine([[2, 10]])).toEqual({ fixed: 0, perMinute: 5 });
  });

  it('is of one recording, whatever the number in a block', () => {
    const block = (minutes: number, recordings: number): Block => ({
      strategy: 'chunked',
      minutes,
      recordings,
      amounts: amountsOf(() => recordings * (3 + 2 * minutes)),
    });
    const costs = fitUnitCosts([block(0.5, 10), block(5, 3)]);
    expect(costs.events.fixed).toBeCloseTo(3, 9);
    expect(costOf(costs, 10).apiCpu).toBeCloseTo(23, 9);
  });
});
