import { expect, it } from '@jest/globals';
import { likeness } from './likeness.ts';

it('words are as alike as the share of letters that stay', () => {
  expect(likeness('peas', 'peas')).toBe(1);
  expect(likeness('peas', 'bees')).toBe(1 - 2 / 4);
  expect(likeness('kitten', 'sitting')).toBe(1 - 3 / 7);
  expect(likeness('sitting', 'kitten')).toBe(1 - 3 / 7);
  expect(likeness('green', 'grin')).toBe(1 - 2 / 5);
  expect(likeness('one', 'two')).toBe(0);
});

it('a letter more or less is one that changes, at whichever end', () => {
  expect(likeness('2', '042')).toBe(1 - 2 / 3);
  expect(likeness('042', '04')).toBe(1 - 1 / 3);
  expect(likeness('ab', 'ba')).toBe(0);
});

it('nothing is like nothing, and unlike any word', () => {
  expect(likeness('', '')).toBe(1);
  expect(likeness('', 'abc')).toBe(0);
  expect(likeness('abc', '')).toBe(0);
});
