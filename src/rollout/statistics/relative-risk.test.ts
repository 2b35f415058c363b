import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { relativeRisk } from './relative-risk.ts';
import type { Strata } from './strata.ts';

const stratum = (share: number, chunked: number, total: number): Strata => [{ share, chunked, total }];

describe('how many times as often chunked fails', () => {
  it('is estimated from the failures alone', () => {
    // 20 % against 5 % at half and half: four of five failures are chunked.
    expect(relativeRisk(stratum(0.5, 80, 100), 0.05)?.estimate).toBeCloseTo(4, 6);
    // And at 5 %: 0.05·4 / (0.05·4 + 0.95) of them.
    expect(relativeRisk(stratum(0.05, 40, 230), 0.05)?.estimate).toBeCloseTo(4, 6);
    expect(relativeRisk(stratum(0.2, 20, 100), 0.05)?.estimate).toBeCloseTo(1, 6);
  });

  it('has bounds around it, wider when one wants to be surer', () => {
    const wide = relativeRisk(stratum(0.2, 40, 100), 0.01);
    const narrow = relativeRisk(stratum(0.2, 40, 100), 0.05);
    if (wide === null || narrow === null) throw new Error('there is enough');
    expect(narrow.low).toBeGreaterThan(1);
    expect(narrow.low).toBeLessThan(narrow.estimate);
    expect(narrow.high).toBeGreaterThan(narrow.estimate);
    expect(wide.low).toBeLessThan(narrow.low);
    expect(wide.high).toBeGreaterThan(narrow.high);
  });

  it('says nothing of fewer than five', () => {
    expect(relativeRisk([], 0.05)).toBeNull();
    expect(relativeRisk(stratum(0.2, 1, 4), 0.05)).toBeNull();
    expect(relativeRisk(stratum(0.2, 1, 5), 0.05)).not.toBeNull();
  });

  it('ends at 1/64 and 64 where nothing bounds it', () => {
    const none = relativeRisk(stratum(0.05, 0, 200), 0.05);
    expect(none?.estimate).toBeCloseTo(1 / 64, 12);
    expect(none?.low).toBeCloseTo(1 / 64, 12);
    expect(none?.high).toBeLessThan(1);
    const all = relativeRisk(stratum(0.05, 9, 9), 0.05);
    expect(all?.estimate).toBeCloseTo(64, 9);
    expect(all?.high).toBeCloseTo(64, 9);
    expect(all?.low).toBeGreaterThan(1);
  });

  it('closes in on the truth as the counts grow', () => {
    const interval = relativeRisk(stratum(0.05, 95_238, 1_000_000), 0.05);
    expect(interval?.low).toBeGreaterThan(1.96);
    expect(interval?.high).toBeLessThan(2.04);
  });

  it('treats the arms alike: changing places gives one divided by it', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 5, max: 200 }), (chunked, single) => {
        const total = chunked + single;
        const one = relativeRisk(stratum(0.2, chunked, total), 0.05);
        const other = relativeRisk(stratum(0.8, single, total), 0.05);
        if (one === null || other === null) throw new Error('there is enough');
        expect(Math.log(one.estimate) + Math.log(other.estimate)).toBeCloseTo(0, 6);
        expect(Math.log(one.low) + Math.log(other.high)).toBeCloseTo(0, 6);
        expect(one.low).toBeLessThanOrEqual(one.estimate);
        expect(one.high).toBeGreaterThanOrEqual(one.estimate);
      }),
    );
  });

  it('holds whenever one looks: over all outcomes of ten draws, the truth is left out with at most α', () => {
    for (const odds of [0.3, 1, 5]) {
      const left = neverLeftOut(0.2, odds, 0.2, 10);
      expect(left).toBeGreaterThanOrEqual(0.8);
    }
  });
});

/** The chance that the interval holds the truth after every one of `n` counted users, exactly. */
function neverLeftOut(share: number, odds: number, alpha: number, n: number): number {
  const chunkedChance = (share * odds) / (1 + share * (odds - 1));
  let chances = new Map([[0, 1]]);
  for (let total = 1; total <= n; total++) {
    const next = new Map<number, number>();
    for (const [chunked, chance] of chances) {
      next.set(chunked + 1, (next.get(chunked + 1) ?? 0) + chance * chunkedChance);
      next.set(chunked, (next.get(chunked) ?? 0) + chance * (1 - chunkedChance));
    }
    for (const chunked of next.keys()) {
      const interval = relativeRisk(stratum(share, chunked, total), alpha);
      if (interval !== null && (interval.low > odds || interval.high < odds)) next.delete(chunked);
    }
    chances = next;
  }
  return [...chances.values()].reduce((sum, chance) => sum + chance, 0);
}
