import { describe, expect, it } from '@jest/globals';
import { InvalidPosition, type Position } from '../event-log.ts';
import { decodePosition, encodePosition, isBefore, START } from './position.ts';

describe('a position of the PostgreSQL log', () => {
  it('is a transaction and a sequence, also beyond what a number of JavaScript can hold', () => {
    const place = { transaction: '18446744073709551615', sequence: '9223372036854775807' };
    expect(encodePosition(place)).toBe('18446744073709551615:9223372036854775807');
    expect(decodePosition(encodePosition(place))).toEqual(place);
    expect(decodePosition(encodePosition(START))).toEqual({ transaction: '0', sequence: '0' });
  });

  it.each([
    '',
    '1',
    '1:',
    ':1',
    '-1:2',
    '1:2:3',
    'a:b',
    ' 1:2',
    '18446744073709551616:1',
    '1:9223372036854775808',
  ])('is not %p', (text) => {
    expect(() => decodePosition(text)).toThrow(InvalidPosition);
  });

  it('is before another by its transaction, then by its sequence, as numbers', () => {
    const [early, late] = ['9:20' as Position, '10:3' as Position];
    expect([isBefore(early, late), isBefore(late, early), isBefore(early, early)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(isBefore('10:3' as Position, '10:20' as Position)).toBe(true);
    expect([isBefore(null, early), isBefore(early, null), isBefore(null, null)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
