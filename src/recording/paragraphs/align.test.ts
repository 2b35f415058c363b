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
