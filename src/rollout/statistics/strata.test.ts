import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { count, expectedChunked, type Strata, totals } from './strata.ts';

const users = fc.array(
  fc.record({ share: fc.constantFrom(0.05, 0.2, 15 / 95, 0.5), chunked: fc.boolean() }),
  {
    maxLength: 60,
  },
);
const counted = (list: readonly { share: number; chunked: boolean }[]): Strata =>
  list.reduce<Strata>((strata, { share, chunked }) => count(strata, share, chunked), []);

describe('counted users', () => {
  it('are kept by the chance they had', () => {
    expect(
      counted([
        { share: 0.2, chunked: true },
        { share: 0.05, chunked: false },
        { share: 0.2, chunked: false },
      ]),
    ).toEqual([
      { share: 0.05, chunked: 0, total: 1 },
      { share: 0.2, chunked: 1, total: 2 },
    ]);
  });

  it('are one stratum when the same fraction was reached by another way', () => {
    expect(
      counted([
        { share: 0.1 + 0.2, chunked: true },
        { share: 0.3, chunked: true },
      ]),
    ).toHaveLength(1);
  });

  it('add up, and against what would be chunked if the arm made no difference', () => {
    const strata = [
      { share: 0.05, chunked: 7, total: 100 },
      { share: 0.2, chunked: 9, total: 50 },
    ];
    expect(totals(strata)).toEqual({ chunked: 16, total: 150 });
    expect(expectedChunked(strata)).toBe(15);
    expect(totals([])).toEqual({ chunked: 0, total: 0 });
    expect(expectedChunked([])).toBe(0);
  });

  it('are the same in any order, and after JSON', () => {
    fc.assert(
      fc.property(users, (list) => {
        const strata = counted(list);
        expect(counted(list.toReversed())).toEqual(strata);
        expect(JSON.parse(JSON.stringify(strata))).toEqual(strata);
      }),
    );
  });
});
