import type { Clock } from '../ports.ts';

/**
 * A clock a hundred times as fast: waits of seconds pass in hundredths, while requests take what they take. A time-out of
 * eight seconds is 80 ms then: where the number of tries matters, take a slower one.
 */
export function fastClock({ wallOffsetMs = 0, speed = 100 } = {}): Clock {
  return {
    now: () => performance.now() * speed,
    wallTime: () => Date.now() + wallOffsetMs,
    after: (milliseconds, callback) => {
      const timer = setTimeout(callback, milliseconds / speed);
      return () => clearTimeout(timer);
    },
  };
}
