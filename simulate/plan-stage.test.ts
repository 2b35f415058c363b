import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lifeMs, planStage } from './plan-stage.ts';
import { population } from './population.ts';

const WAITS = { waitMs: { chunked: 2_800, single: 21_000 }, waitSigma: 0.18 };
const people = (users: number, failure = { chunked: 0.2, single: 0.05 }) =>
  population(
    {
      ...WAITS,
      users,
      sessionsPerUser: 2,
      failure,
      failureSpread: 0,
      badDeviceShare: 0,
      badDeviceFailure: 0,
    },
    5,
  );

describe('what is planned for a stage', () => {
  it('is the same for the same seed, and another in the next stage', () => {
    const users = people(50);
    expect(planStage(users, WAITS, 5, 0)).toEqual(planStage(users, WAITS, 5, 0));
    expect(planStage(users, WAITS, 5, 0)).not.toEqual(planStage(users, WAITS, 5, 1));
  });

  it('has each user as often as they speak', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(20), (count, stage) => {
        const users = people(count);
        const planned = planStage(users, WAITS, 5, stage);
        const times = users.map(({ id }) => planned.filter(({ user }) => user.id === id).length);
        expect(times).toEqual(users.map(({ sessions }) => sessions));
      }),
    );
  });

  it('fails in each arm as often as users of it do', () => {
    const planned = planStage(people(5_000), WAITS, 5, 0);
    const share = (arm: 'chunked' | 'single') =>
      planned.filter(({ fails }) => fails[arm]).length / planned.length;
    expect(share('chunked')).toBeCloseTo(0.2, 1);
    expect(share('single')).toBeCloseTo(0.05, 1);
    const surely = planStage(people(100, { chunked: 1, single: 0 }), WAITS, 5, 0);
    expect(surely.every(({ fails }) => fails.chunked && !fails.single)).toBe(true);
  });

  it('lives as long in either arm, and never shorter than its wait', () => {
    for (const session of planStage(people(200), WAITS, 5, 0)) {
      expect(lifeMs(session)).toBeGreaterThanOrEqual(session.waitMs.chunked);
      expect(lifeMs(session)).toBeGreaterThanOrEqual(session.waitMs.single);
    }
  });
});
