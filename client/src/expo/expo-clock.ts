import type { Clock } from '../upload/ports.ts';

/** `performance.now` never goes back; while the device sleeps it may stand still, and timers with it. */
export const expoClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
