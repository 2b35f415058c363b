import { expect, it } from '@jest/globals';
import { sinceOf } from './since.ts';

it.each([
  ['7d', '2026-11-17T10:00:00.000Z'],
  ['36h', '2026-11-22T22:00:00.000Z'],
  ['2026-11-01', '2026-11-01T00:00:00.000Z'],
  ['2026-11-01T12:00:00+01:00', '2026-11-01T11:00:00.000Z'],
  ['yesterday', null],
  ['5', null],
])('%s', (text, at) => {
  expect(sinceOf(text, new Date('2026-11-24T10:00:00.000Z'))).toBe(at);
});
