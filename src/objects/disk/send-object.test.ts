import { expect, it } from '@jest/globals';
import { parseRange } from './send-object.ts';

it.each([
  [undefined, null],
  ['bytes=0-', { first: 0, last: 9 }],
  ['bytes=0-0', { first: 0, last: 0 }],
  ['bytes=2-4', { first: 2, last: 4 }],
  ['bytes=5-100', { first: 5, last: 9 }],
  ['bytes=-3', { first: 7, last: 9 }],
  ['bytes=-100', { first: 0, last: 9 }],
  ['bytes=10-', 'outside'],
  ['bytes=-0', 'outside'],
  ['bytes=4-2', null],
  ['bytes=-', null],
  ['bytes=0-1,4-5', null],
  ['items=0-1', null],
  ['bytes=x-1', null],
])('reads the Range %s of ten bytes as %j', (header, expected) => {
  expect(parseRange(header, 10)).toEqual(expected);
});

it('has no range inside an empty object', () => {
  expect(parseRange('bytes=0-', 0)).toBe('outside');
  expect(parseRange('bytes=-1', 0)).toBe('outside');
});
