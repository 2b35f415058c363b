import { describe, expect, it } from '@jest/globals';
import { InvalidPosition } from '../event-log.ts';
import { encodePosition as encodePostgres } from '../postgres/position.ts';
import { comparePlaces, decodePosition, encodePosition } from './position.ts';

describe('a position in KurrentDB', () => {
  it('comes back as it was', () => {
    const place = { commit: 2n ** 63n, prepare: 17n };
    expect(encodePosition(place)).toBe('C:9223372036854775808/P:17');
    expect(decodePosition(encodePosition(place))).toEqual(place);
  });

  it.each([
    '',
    'C:1',
    'C:1/P:',
    'C:-1/P:0',
    'C:1/P:18446744073709551616',
    'start',
    encodePostgres({ transaction: '7', sequence: '3' }),
  ])('is not %j', (position) => {
    expect(() => decodePosition(position)).toThrow(InvalidPosition);
  });

  it('is ordered by commit, then by prepare', () => {
    const places = [
      { commit: 10n, prepare: 2n },
      { commit: 9n, prepare: 9n },
      { commit: 10n, prepare: 1n },
    ];
    expect(places.toSorted(comparePlaces).map(encodePosition)).toEqual(['C:9/P:9', 'C:10/P:1', 'C:10/P:2']);
    expect(comparePlaces({ commit: 1n, prepare: 1n }, { commit: 1n, prepare: 1n })).toBe(0);
  });
});
