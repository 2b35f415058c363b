import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beta, geometric, logNormal, randomOf, shuffle } from './random.ts';

const DRAWS = 20_000;
const draws = <T>(draw: () => T): T[] => Array.from({ length: DRAWS }, draw);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('chance from a seed', () => {
  it('is the same again, and another for another seed or stream', () => {
    const three = (seed: number, stream: number) => {
      const random = randomOf(seed, stream);
      return [random(), random(), random()];
    };
    expect(three(1, 0)).toEqual(three(1, 0));
    expect(three(1, 0)).not.toEqual(three(2, 0));
    expect(three(1, 0)).not.toEqual(three(1, 1));
  });

  it('has the mean that was asked for: sessions of a user', () => {
    const random = randomOf(1, 0);
    const sessions = draws(() => geometric(random, 3));
    expect(mean(sessions)).toBeCloseTo(3, 0);
    expect(Math.min(...sessions)).toBe(1);
    expect(draws(() => geometric(random, 1)).every((each) => each === 1)).toBe(true);
  });

  it('has the median that was asked for, and 95 % within two sigma: waits', () => {
    const random = randomOf(2, 0);
    const waits = draws(() => logNormal(random, 21, 0.18)).sort((a, b) => a - b);
    const at = (share: number) => waits[Math.floor(share * DRAWS)] ?? 0;
    expect([at(0.025), at(0.5), at(0.975)].map(Math.round)).toEqual([15, 21, 30]);
  });

  it('has the mean and the spread that were asked for: how often a user fails', () => {
    const random = randomOf(3, 0);
    const chances = draws(() => beta(random, 0.2, 0.5));
    const variance = mean(chances.map((chance) => (chance - 0.2) ** 2));
    expect(mean(chances)).toBeCloseTo(0.2, 1);
    // The intraclass correlation is the variance of the chances, over that of one session's outcome.
    expect(variance / (0.2 * 0.8)).toBeCloseTo(0.5, 1);
  });

  it('is a chance whatever is asked for', () => {
    const shares = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.integer(), shares, fc.double({ min: 0, max: 0.99, noNaN: true }), (seed, m, spread) => {
        const chance = beta(randomOf(seed, 0), m, spread);
        expect(chance).toBeGreaterThanOrEqual(0);
        expect(chance).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('shuffles without losing any', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const shuffled = shuffle([...items], randomOf(seed, 0));
        expect(shuffled.sort((a, b) => a - b)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });
});
