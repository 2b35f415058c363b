import { expect, it } from '@jest/globals';
import { saidIn } from './said.ts';

it('counts a word when its last tone has rung out', () => {
  expect(saidIn(250)).toEqual([]);
  expect(saidIn(310)).toEqual(['000']);
  expect(saidIn(981)).toEqual(['000', '001']);
});

it('says nothing in a pause', () => {
  expect(saidIn(6_000)).toHaveLength(12);
  expect(saidIn(6_981)).toHaveLength(12);
  expect(saidIn(7_481)).toHaveLength(13);
});
