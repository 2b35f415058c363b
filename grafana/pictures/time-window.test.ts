import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pointsOf, secondsOf, timeWindow } from './time-window.ts';

describe('the time that is asked for', () => {
  it.each([
    { from: 1_000, to: 1_300, scrape: 1, expected: { from: 1_000, to: 1_300, step: 1 } },
    { from: 1_003, to: 1_309, scrape: 10, expected: { from: 1_000, to: 1_300, step: 10 } },
    { from: 0, to: 10_800, scrape: 10, expected: { from: 0, to: 10_800, step: 30 } },
    { from: 0, to: 86_400, scrape: 10, expected: { from: 0, to: 86_400, step: 300 } },
  ])('from $from to $to, scraped each $scrape s', ({ from, to, scrape, expected }) => {
    expect(timeWindow(from, to, scrape)).toEqual(expected);
  });

  it('is never finer than the scrapes, never more than 401 points, and no point is out of step', () => {
    fc.assert(
      fc.property(
        fc.nat(2e9),
        fc.integer({ min: 1, max: 4e8 }),
        fc.integer({ min: 1, max: 300 }),
        (from, length, scrape) => {
          const window = timeWindow(from, from + length, scrape);
          const points = pointsOf(window);
          expect(window.step).toBeGreaterThanOrEqual(scrape);
          expect(points.length).toBeLessThanOrEqual(402);
          expect(points.at(-1)).toBe(window.to);
          expect(points.every((point) => point % window.step === 0)).toBe(true);
        },
      ),
    );
  });
});

describe('a duration', () => {
  it.each([
    ['1s', 1],
    ['500ms', 0.5],
    ['15m', 900],
    ['6h', 21_600],
    ['2w', 1_209_600],
    ['1h30m', null],
    ['h', null],
    ['', null],
    ['-1h', null],
  ])('%s is %j seconds', (duration, expected) => {
    expect(secondsOf(duration)).toBe(expected);
  });
});
