import { describe, expect, it } from '@jest/globals';
import { bytesText, placeText, whenText } from './figures.ts';

describe('figures', () => {
  it('shows sizes in kilobytes and megabytes', () => {
    expect(bytesText(0, 'en')).toBe('0 kB');
    expect(bytesText(2_340, 'en')).toBe('2.3 kB');
    expect(bytesText(41_800, 'en')).toBe('42 kB');
    expect(bytesText(2_400_000, 'en')).toBe('2.4 MB');
    expect(bytesText(200 * 1024 * 1024, 'zh-Hans')).toBe('210 MB');
  });

  const now = new Date('2026-11-24T12:00:00Z');
  const at = (iso: string, tag = 'en-GB') => whenText(new Date(iso), now, tag, 'UTC');

  it('names the day and the year only when they are others', () => {
    expect(at('2026-11-24T08:05:00Z')).toBe('8:05');
    expect(at('2026-11-23T08:05:00Z')).toBe('23 Nov, 8:05');
    expect(at('2025-11-24T08:05:00Z')).toBe('24 Nov 2025, 8:05');
    expect(at('2026-11-23T08:05:00Z', 'zh-Hans')).toBe('11月23日 8:05');
  });
});

it('places in a recording are written as players do', () => {
  expect([0, 12_900, 72_000, 3_727_000].map(placeText)).toEqual(['0:00', '0:12', '1:12', '1:02:07']);
});
