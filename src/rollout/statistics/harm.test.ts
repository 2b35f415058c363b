import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectationUnder } from './all-outcomes.ts';
import { logHarmEValue } from './harm.ts';
import { count, type Strata } from './strata.ts';

const shares = fc.array(fc.constantFrom(0.05, 0.2, 15 / 95, 0.5), { minLength: 1, maxLength: 10 });
const evidence = (share: number, chunked: number, total: number) =>
  Math.exp(logHarmEValue([{ share, chunked, total }]));

describe('the guardrail', () => {
  it('is worth exactly 1 on average when the arm makes no difference', () => {
    fc.assert(
      fc.property(shares, (users) => {
        expect(expectationUnder(users, 1, logHarmEValue)).toBeCloseTo(1, 9);
      }),
      { numRuns: 30 },
    );
  });

  it('is worth at most 1 on average when chunked is better', () => {
    fc.assert(
      fc.property(shares, fc.double({ min: 0.01, max: 1, noNaN: true }), (users, odds) => {
        expect(expectationUnder(users, odds, logHarmEValue)).toBeLessThanOrEqual(1 + 1e-9);
      }),
      { numRuns: 30 },
    );
  });

  it('is worth more than 1 on average when chunked is worse', () => {
    expect(expectationUnder([0.05, 0.05, 0.2, 0.2, 0.5], 3, logHarmEValue)).toBeGreaterThan(1.5);
  });

  it('says nothing before anybody is counted', () => {
    expect(logHarmEValue([])).toBeCloseTo(0, 12);
  });

  it('decides at a 5 % stage after two chunked failures in a row, not after one', () => {
    expect(evidence(0.05, 1, 1)).toBeLessThan(20);
    expect(evidence(0.05, 2, 2)).toBeGreaterThan(20);
  });

  it('speaks when 12 of 60 failures are chunked at 5 %, and is silent when 3 are', () => {
    expect(evidence(0.05, 12, 60)).toBeGreaterThan(1000);
    expect(evidence(0.05, 3, 60)).toBeLessThan(1);
  });

  it('never speaks because chunked is better', () => {
    expect(evidence(0.5, 0, 500)).toBeLessThan(1e-3);
  });

  it('takes what one stage has taught into the next', () => {
    const [first, second] = [
      { share: 0.05, chunked: 5, total: 40 },
      { share: 0.2, chunked: 16, total: 40 },
    ];
    const apart = logHarmEValue([first]) + logHarmEValue([second]);
    expect(logHarmEValue([first, second])).toBeGreaterThan(apart);
  });

  it('grows with each chunked failure and falls with each single one', () => {
    const strata = fc.array(
      fc.record({ share: fc.constantFrom(0.05, 0.2, 0.5), chunked: fc.nat(50), single: fc.nat(200) }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(strata, (counts) => {
        const now: Strata = counts.map(({ share, chunked, single }) => ({
          share,
          chunked,
          total: chunked + single,
        }));
        expect(logHarmEValue(count(now, 0.2, true))).toBeGreaterThan(logHarmEValue(now));
        expect(logHarmEValue(count(now, 0.2, false))).toBeLessThan(logHarmEValue(now));
        expect(logHarmEValue(now.toReversed())).toBeCloseTo(logHarmEValue(now), 9);
      }),
    );
  });

  it('stays finite with a million failures', () => {
    for (const chunked of [0, 50_000, 1e6])
      expect(Number.isFinite(logHarmEValue([{ share: 0.05, chunked, total: 1e6 }]))).toBe(true);
  });
});
