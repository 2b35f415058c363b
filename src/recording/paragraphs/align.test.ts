import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { align } from './align.ts';

it('pairs what both lists have in the same order, as much as there is', () => {
  expect(align(['we', 'we', 'walked', 'home'], ['we', 'slowly', 'walked'])).toEqual([
    [0, 0],
    [2, 2],
  ]);
  expect(align([], ['we'])).toEqual([]);
});

it.each<[string, string, string, [number, number][]]>([
  [
    'goes past what stands before, in the second',
    'a x',
    'b a x',
    [
      [0, 1],
      [1, 2],
    ],
  ],
  [
    'goes past what stands before, in the first',
    'x a b',
    'a b',
    [
      [1, 0],
      [2, 1],
    ],
  ],
  [
    'leaves out the one for the sake of the many',
    'c a b d',
    'a b d c',
    [
      [1, 0],
      [2, 1],
      [3, 2],
    ],
  ],
  [
    'leaves out the one for the sake of the many, of the second',
    'a b d c',
    'c a b d',
    [
      [0, 1],
      [1, 2],
      [2, 3],
    ],
  ],
  [
    'takes all that goes together, not the nearest',
    'a b c d e',
    'b a d c e',
    [
      [1, 0],
      [3, 2],
      [4, 4],
    ],
  ],
  ['of two that are as good, keeps what stands later in the first', 'x y', 'y x', [[1, 0]]],
])('%s', (_, a, b, pairs) => {
  expect(align(a.split(' '), b.split(' '))).toEqual(pairs);
});

it('pairs only equals, forwards, and all of a list with itself', () => {
  const list = fc.array(fc.constantFrom('a', 'b', 'c', '__proto__'), { maxLength: 30 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      let last: readonly [number, number] = [-1, -1];
      for (const pair of align(a, b)) {
        expect(a[pair[0]]).toBe(b[pair[1]]);
        expect(pair[0] > last[0] && pair[1] > last[1]).toBe(true);
        last = pair;
      }
      expect(align(a, a)).toHaveLength(a.length);
    }),
  );
});
