import { expect, it } from '@jest/globals';
import { gapMs } from './coverage.ts';

it('what was not transcribed is the sum of the gaps', () => {
  expect(gapMs({ gaps: [] })).toBe(0);
  const gaps = [
    { startMs: 1_000, endMs: 1_500, reason: 'upload' },
    { startMs: 7_000, endMs: 7_200, reason: 'upload' },
  ] as const;
  expect(gapMs({ gaps })).toBe(700);
});
