import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type PopulationShape, population } from './population.ts';

const SHAPE: PopulationShape = {
  users: 1_000,
  sessionsPerUser: 2,
  failure: { chunked: 0.2, single: 0.05 },
  failureSpread: 0,
  badDeviceShare: 0.1,
  badDeviceFailure: 0.6,
  waitMs: { chunked: 2_800, single: 21_000 },
  waitSigma: 0.18,
};

describe('a population', () => {
  it('is the same for the same seed, and nobody in it is of another one', () => {
    expect(population(SHAPE, 7)).toEqual(population(SHAPE, 7));
    const ids = new Set(population(SHAPE, 7).map(({ id }) => id));
    expect(population(SHAPE, 8).some(({ id }) => ids.has(id))).toBe(false);
  });

  it('fails as often as was asked, all alike when there is no spread', () => {
    const ordinary = population(SHAPE, 1).filter(({ device }) => device === 'ordinary');
    expect(new Set(ordinary.map(({ failureChance }) => JSON.stringify(failureChance)))).toEqual(
      new Set(['{"chunked":0.2,"single":0.05}']),
    );
  });

  it('has bad devices, which fail in either arm', () => {
    const bad = population(SHAPE, 1).filter(({ device }) => device === 'bad');
    expect(bad.length).toBeGreaterThan(70);
    expect(bad.length).toBeLessThan(130);
    expect(bad[0]?.failureChance).toEqual({ chunked: 0.6, single: 0.6 });
  });

  it('grows by adding users: those who were there stay who they are', () => {
    const sizes = fc.integer({ min: 1, max: 60 });
    const shares = fc.double({ min: 0, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(sizes, sizes, fc.nat(), shares, (fewer, more, seed, failureSpread) => {
        const of = (users: number) => population({ ...SHAPE, users, failureSpread }, seed);
        expect(of(fewer + more).slice(0, fewer)).toEqual(of(fewer));
      }),
    );
  });
});
