import { describe, expect, it } from '@jest/globals';
import {
  agoText,
  dayTimeText,
  durationText,
  englishTag,
  expectedText,
  oddsText,
  percentText,
  ratioText,
  shareText,
  spanText,
  tenText,
  tickText,
} from './figures.ts';
import { normal } from './testing/normal.ts';

const all = <Value>(write: (value: Value) => string, values: readonly Value[]) =>
  values.map((value) => normal(write(value)));

describe('figures', () => {
  it('have one decimal of a percent below 10 %, and none above', () => {
    expect(all(shareText, [0, 0.0004, 0.0112, 0.0949, 0.0999, 0.5, 1])).toEqual([
      '0 %',
      '< 0.1 %',
      '1.1 %',
      '9.5 %',
      '10 %',
      '50 %',
      '100 %',
    ]);
    expect(shareText(null)).toBe('–');
    expect(all(percentText, [5, 100])).toEqual(['5 %', '100 %']);
  });

  it('say how long something took as exactly as one cares', () => {
    expect(all(durationText, [640, 3_870, 9_960, 33_800, 119_400, 125_000])).toEqual([
      '0.64 s',
      '3.9 s',
      '10 s',
      '34 s',
      '119 s',
      '2 min 5 s',
    ]);
    expect(durationText(null)).toBe('–');
  });

  it('say how long something lasts in its largest unit', () => {
    const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
    expect(all(spanText, [-5, 40_000, 12 * minute, 14 * hour, day, 47 * hour, 2 * day, 3 * day])).toEqual([
      '0 s',
      '40 s',
      '12 min',
      '14 h',
      '1 day',
      '47 h',
      '2 days',
      '3 days',
    ]);
  });

  it('say when something was, also when the server’s clock is ahead', () => {
    const now = Date.parse('2026-11-24T12:00:00Z');
    expect(normal(agoText('2026-11-24T11:59:57Z', now))).toBe('3 s ago');
    expect(normal(agoText('2026-11-24T11:48:00Z', now))).toBe('12 min ago');
    expect(agoText('2026-11-24T12:00:07Z', now)).toBe('just now');
  });

  it('mark a moment as exactly as the span around it needs', () => {
    const at = Date.parse('2026-11-24T12:04:31Z');
    expect(tickText(at, 60_000)).toMatch(/^\d\d:\d\d:31$/);
    expect(tickText(at, 3_600_000)).toMatch(/^\d\d:\d\d$/);
    expect(tickText(at, 86_400_000)).toMatch(/Nov.*\d\d:\d\d$/);
    expect(dayTimeText('2026-11-24T12:04:31Z')).toMatch(/Nov.*\d\d:\d\d$/);
  });

  it('write an e-value as odds', () => {
    expect(all(oddsText, [0, 0.004, 0.06, 0.71, 1, 3.24, 34.2, 1_250, 2_830_000, 1e20])).toEqual([
      '0',
      '< 0.01',
      '0.06',
      '0.71',
      '1.0',
      '3.2',
      '34',
      '1,250',
      '2.83 million',
      'over 10¹⁵',
    ]);
    expect(all(tenText, [0.01, 0.1, 1, 10, 1_000])).toEqual(['0.01', '0.1', '1', '10', '1,000']);
  });

  it('write a ratio with the interval it is in', () => {
    expect(ratioText({ estimate: 0.17, low: 0.08, high: 0.35 })).toBe('0.17 × (0.08–0.35)');
    expect(ratioText({ estimate: 0.039, low: 0.036, high: 0.0431 })).toBe('0.039 × (0.036–0.043)');
    expect(ratioText({ estimate: 12.3, low: 4, high: 30 })).toBe('12.3 × (4.0–30.0)');
  });

  it('round what is expected only as far as it may be compared', () => {
    expect(all(expectedText, [2, 0.65, 104.2, 1_388.5])).toEqual(['2', '0.7', '104', '1,389']);
  });

  it('follow the English that the browser prefers', () => {
    expect(englishTag(['de', 'en-AU', 'en'])).toBe('en-AU');
    expect(englishTag(['de'])).toBe('en-GB');
  });
});
