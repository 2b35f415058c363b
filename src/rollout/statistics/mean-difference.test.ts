import { describe, expect, it } from '@jest/globals';
import type { Arm } from './bucket.ts';
import type { StageTimes } from './clustered-difference.ts';
import { differenceOfMeans, ratioOfTimes } from './mean-difference.ts';
import { addSession, type Elsewhere, type Moments, NO_MOMENTS, type UserSums } from './moments.ts';

/** Users' log times in an arm: a list a user. */
function arm(
  users: readonly (readonly number[])[],
  elsewhere: readonly (readonly Elsewhere[])[] = [],
): Moments {
  let moments = NO_MOMENTS;
  for (const [user, times] of users.entries()) {
    let sums: UserSums = { n: 0, sum: 0 };
    for (const time of times)
      ({ moments, after: sums } = addSession(moments, sums, time, elsewhere[user] ?? []));
  }
  return moments;
}

/** `n` users, whose one time each lies evenly around `mean`. */
const around = (mean: number, n: number, spread = 1) =>
  Array.from({ length: n }, (_, i) => [mean + (i % 2 === 0 ? spread : -spread)]);

const seen = (users: readonly (readonly number[])[], stage: number, of: Arm): Elsewhere[][] =>
  users.map((times) => [
    { stage, arm: of, n: times.length, sum: times.reduce((sum, time) => sum + time, 0) },
  ]);

describe('the ratio of times', () => {
  it('is that of the geometric means', () => {
    const stage = {
      stage: 1,
      chunked: arm(around(Math.log(2_000), 400)),
      single: arm(around(Math.log(8_000), 400)),
    };
    const ratio = ratioOfTimes([stage], 0.05);
    expect(ratio?.estimate).toBeCloseTo(0.25, 9);
    expect(ratio?.high).toBeLessThan(0.35);
    expect(ratio?.low).toBeGreaterThan(0.18);
  });

  it('has the half-width of the paper', () => {
    // Means of 200 users with standard deviation √(200/199): SE = √(2/199). n = 100, where ρ² makes it tightest:
    // x = nρ² = 2 ln 20 + ln(1 + 2 ln 20) = 7.9363, √(2·(x + 1)/x · ln(√(x + 1)·20)) = 3.0351.
    const stage = { stage: 1, chunked: arm(around(0, 200)), single: arm(around(0, 200)) };
    const difference = differenceOfMeans([stage], 0.05);
    expect(difference?.high).toBeCloseTo(3.0351 * Math.sqrt(2 / 199), 4);
    expect(difference?.low).toBeCloseTo(-3.0351 * Math.sqrt(2 / 199), 4);
  });

  it('says nothing below thirty users in an arm, however many their sessions', () => {
    const many = Array.from({ length: 29 }, () => Array.from({ length: 50 }, () => 3));
    const stage = (users: number) => ({
      stage: 1,
      chunked: arm(around(0, users)),
      single: arm(around(0, 500)),
    });
    expect(ratioOfTimes([], 0.05)).toBeNull();
    expect(ratioOfTimes([{ stage: 1, chunked: NO_MOMENTS, single: NO_MOMENTS }], 0.05)).toBeNull();
    expect(ratioOfTimes([{ stage: 1, chunked: arm(many), single: arm(around(0, 500)) }], 0.05)).toBeNull();
    expect(ratioOfTimes([stage(29)], 0.05)).toBeNull();
    expect(ratioOfTimes([stage(30)], 0.05)).not.toBeNull();
  });

  it('takes ten sessions of one user that are all alike for little more than one', () => {
    const users = around(0, 100);
    const tenfold = users.map(([time]) => Array.from({ length: 10 }, () => time ?? 0));
    const once = differenceOfMeans([{ stage: 1, chunked: arm(users), single: arm(around(0, 100)) }], 0.05);
    const often = differenceOfMeans([{ stage: 1, chunked: arm(tenfold), single: arm(around(0, 100)) }], 0.05);
    expect(often?.high).toBeCloseTo(once?.high ?? Number.NaN, 9);
  });

  it('is not led astray by a change of percentage (Simpson)', () => {
    // The second stage is slower for everybody, and more users are chunked in it: pooled, chunked would look slower.
    const stages = [
      { stage: 1, chunked: arm(around(1, 50)), single: arm(around(1.2, 950)) },
      { stage: 2, chunked: arm(around(3, 500)), single: arm(around(3.2, 500)) },
    ];
    expect(differenceOfMeans(stages, 0.05)?.estimate).toBeCloseTo(-0.2, 9);
  });

  it('learns from a second stage, less if the users are the same', () => {
    const [chunked, single] = [around(0, 100), around(1, 300)];
    const first = { stage: 1, chunked: arm(chunked), single: arm(single) };
    const strangers: StageTimes = { ...first, stage: 2 };
    const same: StageTimes = {
      stage: 2,
      chunked: arm(chunked, seen(chunked, 1, 'chunked')),
      single: arm(single, seen(single, 1, 'single')),
    };
    const width = (stages: readonly StageTimes[]) => {
      const difference = differenceOfMeans(stages, 0.05);
      return difference === null ? Number.NaN : difference.high - difference.low;
    };
    // What is the very same twice teaches nothing; n is larger, so the bound moves a little.
    expect(width([first, same]) / width([first])).toBeCloseTo(1, 1);
    expect(width([first, strangers]) / width([first])).toBeCloseTo(Math.SQRT1_2, 1);
    expect(width([same, first])).toBeCloseTo(width([first, same]), 9);
  });

  it('is a number when all times are the same', () => {
    const same = (time: number) => arm(Array.from({ length: 30 }, () => [time]));
    expect(differenceOfMeans([{ stage: 1, chunked: same(2), single: same(5) }], 0.05)?.estimate).toBe(-3);
  });
});
