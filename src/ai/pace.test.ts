import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterAnswer, afterRateLimit, fullPace, type Pace } from './pace.ts';

const limited = (
  pace: Pace,
  now: number,
  more: { startedAt?: number; running?: number; retryAfterMs?: number } = {},
) => afterRateLimit(pace, { now, startedAt: now - 1, running: 32, ...more });

describe('the pace', () => {
  it('is halved by a 429, and holds all calls for as long as Retry-After says', () => {
    expect(limited(fullPace(32), 5_000, { retryAfterMs: 7_000 })).toEqual({
      atOnce: 16,
      good: 0,
      heldUntil: 12_000,
      limitedAt: 5_000,
    });
  });

  it('is half of what was under way, where that was less than could be', () => {
    expect(limited(fullPace(32), 5_000, { running: 6 }).atOnce).toBe(3);
  });

  it('is halved once for calls that were under way together', () => {
    const once = limited(fullPace(32), 5_000);
    expect(limited(once, 5_100, { startedAt: 4_000 }).atOnce).toBe(16);
    expect(limited(once, 6_500, { startedAt: 6_100 }).atOnce).toBe(8);
  });

  it('holds for a second where no Retry-After came, and never for less than was asked before', () => {
    expect(limited(fullPace(4), 5_000).heldUntil).toBe(6_000);
    const long = limited(fullPace(4), 5_000, { retryAfterMs: 20_000 });
    expect(limited(long, 5_100, { startedAt: 1, retryAfterMs: 1_000 }).heldUntil).toBe(25_000);
  });

  it('rises by one with each four good answers, up to what it was', () => {
    let pace = limited(fullPace(8), 5_000, { running: 8 });
    const seen: number[] = [];
    for (let answer = 1; answer <= 20; answer += 1) {
      pace = afterAnswer(pace, 8);
      if (answer % 4 === 0) seen.push(pace.atOnce);
    }
    expect(seen).toEqual([5, 6, 7, 8, 8]);
  });

  it('never stands still and never exceeds its most', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 64 }),
        fc.array(fc.boolean(), { maxLength: 200 }),
        (most, answers) => {
          let pace = fullPace(most);
          answers.forEach((isGood, at) => {
            pace = isGood ? afterAnswer(pace, most) : limited(pace, at, { startedAt: at, running: at % 70 });
            expect(pace.atOnce).toBeGreaterThanOrEqual(1);
            expect(pace.atOnce).toBeLessThanOrEqual(most);
          });
        },
      ),
    );
  });
});
