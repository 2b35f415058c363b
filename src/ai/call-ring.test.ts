import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCallRing } from './call-ring.ts';

const NOON = Date.parse('2026-11-24T12:00:00.000Z');
const MINUTE = 60_000;

describe('the calls of the last hour', () => {
  it('are none at first', () => {
    expect(createCallRing().summary(NOON, 60)).toEqual({ calls: 0, failures: 0, p50Ms: null, p95Ms: null });
  });

  it('are counted over the minutes that are asked for', () => {
    const ring = createCallRing();
    ring.answered(NOON - 50 * MINUTE, 100);
    ring.failed(NOON - 10 * MINUTE);
    ring.failed(NOON - MINUTE);
    ring.answered(NOON, 100);
    expect(ring.summary(NOON, 5)).toMatchObject({ calls: 2, failures: 1 });
    expect(ring.summary(NOON, 60)).toMatchObject({ calls: 4, failures: 2 });
  });

  it('are forgotten an hour later, also when nobody called meanwhile', () => {
    const ring = createCallRing();
    ring.failed(NOON);
    expect(ring.summary(NOON + 60 * MINUTE, 60)).toMatchObject({ calls: 1 });
    expect(ring.summary(NOON + 61 * MINUTE, 60)).toMatchObject({ calls: 0 });
    expect(ring.summary(NOON + 3 * 60 * MINUTE, 60)).toMatchObject({ calls: 0 });
  });

  it('are as long as those that were answered took', () => {
    const ring = createCallRing();
    for (let each = 0; each < 90; each++) ring.answered(NOON, 800);
    for (let each = 0; each < 10; each++) ring.answered(NOON, 12_000);
    for (let each = 0; each < 1_000; each++) ring.failed(NOON);
    const { p50Ms, p95Ms } = ring.summary(NOON, 5);
    expect(Math.abs((p50Ms ?? 0) / 800 - 1)).toBeLessThan(0.1);
    expect(Math.abs((p95Ms ?? 0) / 12_000 - 1)).toBeLessThan(0.1);
  });

  it('may take no time at all, or longer than any may', () => {
    const ring = createCallRing();
    ring.answered(NOON, 0);
    expect(ring.summary(NOON, 5).p50Ms).toBeLessThan(1);
    const other = createCallRing();
    other.answered(NOON, 86_400_000);
    expect(other.summary(NOON, 5).p95Ms).toBeGreaterThan(270_000);
  });

  it('are what a list of all of them says, whatever comes when', () => {
    const call = fc.record({
      waitMs: fc.nat(10 * MINUTE),
      took: fc.option(fc.integer({ min: 1, max: 290_000 })),
    });
    fc.assert(
      fc.property(fc.array(call, { maxLength: 60 }), fc.constantFrom(5, 60), (calls, minutes) => {
        const ring = createCallRing();
        let now = NOON;
        const list = calls.map(({ waitMs, took }) => {
          now += waitMs;
          if (took === null) ring.failed(now);
          else ring.answered(now, took);
          return { slot: Math.floor(now / 15_000), took };
        });
        const from = Math.floor(now / 15_000) - minutes * 4;
        const within = list.filter(({ slot }) => slot >= from);
        const answered = within.flatMap(({ took }) => (took === null ? [] : [took])).sort((a, b) => a - b);
        const { calls: counted, failures, p50Ms } = ring.summary(now, minutes);
        expect([counted, failures]).toEqual([within.length, within.length - answered.length]);
        const median = answered[Math.ceil(answered.length / 2) - 1];
        if (median === undefined) expect(p50Ms).toBeNull();
        else expect(Math.abs((p50Ms ?? 0) / median - 1)).toBeLessThan(0.1);
      }),
    );
  });
});
