import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { browserClock } from './browser-clock.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('the clock', () => {
  it('calls back once, after the time', () => {
    const called = jest.fn();
    browserClock.after(1_000, called);
    jest.advanceTimersByTime(999);
    expect(called).not.toHaveBeenCalled();
    jest.advanceTimersByTime(10_000);
    expect(called).toHaveBeenCalledTimes(1);
  });

  it('does not call back when it was told not to', () => {
    const called = jest.fn();
    browserClock.after(1_000, called)();
    jest.advanceTimersByTime(10_000);
    expect(called).not.toHaveBeenCalled();
  });

  it('waits also for longer than a timer can', () => {
    const called = jest.fn();
    browserClock.after(Number.POSITIVE_INFINITY, called);
    jest.advanceTimersByTime(24 * 3_600_000);
    expect(called).not.toHaveBeenCalled();
  });

  it('goes on when the device’s clock is set back', () => {
    const before = { now: browserClock.now(), wall: browserClock.wallTime() };
    jest.setSystemTime(before.wall - 3_600_000);
    jest.advanceTimersByTime(5);
    expect(browserClock.wallTime()).toBeLessThan(before.wall);
    expect(browserClock.now()).toBeGreaterThan(before.now);
  });
});
