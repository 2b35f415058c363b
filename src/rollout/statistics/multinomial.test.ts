import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectationUnder } from './all-outcomes.ts';
import { CONCENTRATION, logEValue, logSampleRatioEValue } from './multinomial.ts';

const shares = fc.constantFrom(0.05, 0.2, 15 / 95, 0.5);

describe('the sequential multinomial test', () => {
  it('gives the p-values of the examples after the paper', () => {
    // savvi's README (numpy seed 1): three arms meant 10/40/50, decided at unit 402; and 80/20, decided at unit 168.
    expect(Math.exp(-logEValue([40, 129, 233], [0.1, 0.4, 0.5], 100))).toBeCloseTo(0.04845591105969517, 10);
    expect(Math.exp(-logEValue([116, 52], [0.8, 0.2], 100))).toBeCloseTo(0.04675270375081281, 10);
    // seqabpy's guide.
    expect(Math.exp(-logEValue([156, 212], [0.5, 0.5], 100))).toBeCloseTo(0.075, 3);
  });

  it('gives what the formula of the author’s ssrm_test gives in scipy, with its concentration of 10,000', () => {
    // 821,588 against 815,482 users: the mismatch that the ssrm_test notebook opens with.
    expect(Math.exp(-logEValue([821_588, 815_482], [0.5, 0.5], 10_000))).toBeCloseTo(0.00015596, 7);
  });

  it('is the fraction that it is by hand', () => {
    // Uniform over θ: ∫θ(1−θ) / ¼ = ⅙ · 4; and ∫θ² · 4.
    expect(logEValue([1, 1], [0.5, 0.5], 2)).toBeCloseTo(Math.log(2 / 3), 12);
    expect(logEValue([2, 0], [0.5, 0.5], 2)).toBeCloseTo(Math.log(4 / 3), 12);
    // Beta(1, 3) at ¼: ∫θ² = 2·1 / (5·4), by 1/16.
    expect(logEValue([2, 0], [0.25, 0.75], 4)).toBeCloseTo(Math.log(1.6), 12);
    expect(logEValue([], [0.25, 0.75])).toBe(0);
    expect(logSampleRatioEValue([])).toBe(0);
  });

  it('is worth exactly 1 on average when the arms are filled as they should be', () => {
    fc.assert(
      fc.property(fc.array(shares, { minLength: 1, maxLength: 10 }), (users) => {
        expect(expectationUnder(users, 1, logSampleRatioEValue)).toBeCloseTo(1, 9);
      }),
      { numRuns: 30 },
    );
  });

  it('is worth exactly 1 on average with three arms', () => {
    const three = [0.2, 0.3, 0.5];
    let sum = 0;
    for (let a = 0; a <= 8; a++) {
      for (let b = 0; a + b <= 8; b++) {
        const counts = [a, b, 8 - a - b];
        const ways = factorial(8) / counts.reduce((product, n) => product * factorial(n), 1);
        const chance = counts.reduce((product, n, arm) => product * (three[arm] ?? 0) ** n, ways);
        sum += chance * Math.exp(logEValue(counts, three, CONCENTRATION));
      }
    }
    expect(sum).toBeCloseTo(1, 9);
  });

  it('speaks in both directions', () => {
    const evidence = (chunked: number) => logSampleRatioEValue([{ share: 0.2, chunked, total: 1000 }]);
    expect(evidence(200)).toBeLessThan(0);
    expect(evidence(300)).toBeGreaterThan(Math.log(1000));
    expect(evidence(100)).toBeGreaterThan(Math.log(1000));
    for (let chunked = 210; chunked < 1000; chunked += 10)
      expect(evidence(chunked + 10)).toBeGreaterThan(evidence(chunked));
  });

  it('stays finite with a million users', () => {
    expect(Number.isFinite(logSampleRatioEValue([{ share: 0.05, chunked: 1e6, total: 1e6 }]))).toBe(true);
    expect(Number.isFinite(logSampleRatioEValue([{ share: 0.05, chunked: 0, total: 1e6 }]))).toBe(true);
  });
});

function factorial(n: number): number {
  return n <= 1 ? 1 : n * factorial(n - 1);
}
