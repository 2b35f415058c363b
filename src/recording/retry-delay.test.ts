import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { later, T0 } from '../../test/support/recording-events.ts';
import type { StepError } from './commands.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { retryDelay } from './retry-delay.ts';
import type { StepState } from './session.ts';

const { retry: policy } = DEFAULT_LIMITS;
const MINUTE = 60_000;

function failedBefore(attempts: number, outages = 0): StepState {
  const failed = attempts === 0 ? {} : { firstFailedAt: T0 };
  return { generation: 0, outcome: 'open', attempts, outages, ...failed };
}

function error(kind: StepError['kind'], retryAfterMs?: number): StepError {
  const retryAfter = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { kind, code: 'x', message: '', ...retryAfter };
}

describe('the wait before the next attempt', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [4, 10_000],
    [40, 10_000],
    [5_000, 10_000],
  ])('after %i failed attempts is up to %i ms', (attempts, longest) => {
    const step = failedBefore(attempts, attempts);
    expect(retryDelay(policy, step, error('outage'), later(1), 1)).toBe(longest);
    expect(retryDelay(policy, step, error('outage'), later(1), 0.5)).toBe(longest * 0.75);
    expect(retryDelay(policy, step, error('outage'), later(1), 0)).toBe(longest / 2);
  });

  it('is as long as Retry-After says, when that is longer', () => {
    expect(retryDelay(policy, failedBefore(0), error('transient', 27_000), T0, 1)).toBe(27_000);
    expect(retryDelay(policy, failedBefore(0), error('outage', 27_000), T0, 1)).toBe(27_000);
    expect(retryDelay(policy, failedBefore(0), error('transient', 200), T0, 1)).toBe(1_000);
  });

  it('is none when it were longer than the patience', () => {
    expect(retryDelay(policy, failedBefore(0), error('transient', 10 * MINUTE), T0, 1)).toBe(10 * MINUTE);
    expect(retryDelay(policy, failedBefore(0), error('transient', 10 * MINUTE + 1), T0, 1)).toBeNull();
    expect(retryDelay(policy, failedBefore(0), error('outage', 10 * MINUTE + 1), T0, 1)).toBeNull();
  });

  it('is none after the fifth try', () => {
    expect(retryDelay(policy, failedBefore(3), error('transient'), T0, 1)).toBe(8_000);
    expect(retryDelay(policy, failedBefore(4), error('transient'), T0, 1)).toBeNull();
  });

  it('leaves out the attempts that an outage cost', () => {
    expect(retryDelay(policy, failedBefore(30, 30), error('transient'), T0, 1)).toBe(10_000);
    expect(retryDelay(policy, failedBefore(33, 30), error('transient'), T0, 1)).toBe(10_000);
    expect(retryDelay(policy, failedBefore(34, 30), error('transient'), T0, 1)).toBeNull();
  });

  it('is none when an outage outlasts the patience, counted from the first failure', () => {
    const step = failedBefore(50, 50);
    expect(retryDelay(policy, step, error('outage'), later(10 * MINUTE - 10_000), 1)).toBe(10_000);
    expect(retryDelay(policy, step, error('outage'), later(10 * MINUTE - 9_999), 1)).toBeNull();
  });

  it('gives an error after an outage its tries, however long that was', () => {
    expect(retryDelay(policy, failedBefore(50, 50), error('transient'), later(30 * MINUTE), 1)).toBe(10_000);
  });

  it.each(['permanent', 'input'] as const)('is none for what trying again cannot heal: %s', (kind) => {
    expect(retryDelay(policy, failedBefore(0), error(kind, 5_000), T0, 0)).toBeNull();
  });

  it('lies between half of 1 s and 10 s for any chance and any number of failures (1000 runs)', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempts, random) => {
          const delay = retryDelay(policy, failedBefore(attempts, attempts), error('outage'), T0, random);
          expect(delay).toBeGreaterThanOrEqual(500);
          expect(delay).toBeLessThanOrEqual(10_000);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
