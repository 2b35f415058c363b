import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError } from './api-error.ts';
import { nextDelay, type Patience, patiently } from './patiently.ts';

const away = new ApiError(0, 'unreachable', 'away');

function fakePatience(patienceMs: number, random = () => 1): Patience & { slept: number[] } {
  let time = 0;
  const slept: number[] = [];
  return {
    patienceMs,
    random,
    now: () => time,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      time += milliseconds;
    },
    slept,
  };
}

describe('trying patiently', () => {
  it('doubles the wait up to five seconds, and tries a last time when patience ends', async () => {
    const patience = fakePatience(20_000);
    await expect(patiently(() => Promise.reject(away), patience)).rejects.toBe(away);
    expect(patience.slept).toEqual([300, 600, 1200, 2400, 4800, 5000, 5000, 700]);
  });

  it('answers with the first success, told which try it is', async () => {
    const patience = fakePatience(60_000);
    const tries: number[] = [];
    const answer = await patiently(async (attempt) => {
      tries.push(attempt);
      if (attempt < 3) throw away;
      return 'here';
    }, patience);
    expect({ answer, tries }).toEqual({ answer: 'here', tries: [1, 2, 3] });
  });

  it('counts patience from the first failure: a try that took longer than patience is repeated', async () => {
    const patience = fakePatience(1_000);
    let tries = 0;
    const answer = patiently(async () => {
      if (++tries > 1) return 'here';
      await patience.sleep(180_000);
      throw away;
    }, patience);
    await expect(answer).resolves.toBe('here');
  });

  it('waits as long as the server asks, and gives up at once when that is beyond patience', () => {
    const asked = (retryAfterMs: number) => new ApiError(429, 'slow_down', 'slow down', {}, retryAfterMs);
    const patience = fakePatience(60_000, () => 0);
    expect(nextDelay(0, asked(7_000), 0, patience)).toBe(7_000);
    expect(nextDelay(0, asked(7_000), 55_000, patience)).toBeNull();
  });

  it.each([
    ['a 4xx', new ApiError(404, 'session_not_found', 'no such session')],
    ['a page of HTML with a 404', new ApiError(404, 'not_json', 'a page')],
    ['an error of the program', new TypeError('x is not a function')],
  ])('does not repeat what cannot heal: %s', async (_, error) => {
    const patience = fakePatience(60_000);
    await expect(patiently(() => Promise.reject(error), patience)).rejects.toBe(error);
    expect(patience.slept).toEqual([]);
  });

  it('never waits beyond the end of patience, nor longer than five seconds unless asked to', () => {
    fc.assert(
      fc.property(
        fc.nat(199),
        fc.nat(120_000),
        fc.nat(120_000),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (failed, failingMs, patienceMs, chance) => {
          const delay = nextDelay(failed, away, failingMs, { patienceMs, random: () => chance });
          if (delay === null) return failingMs >= patienceMs || failed === 199;
          return delay > 0 && delay <= 5_000 && failingMs + delay <= patienceMs;
        },
      ),
    );
  });
});
