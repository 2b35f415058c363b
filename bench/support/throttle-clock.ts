import { performance } from 'node:perf_hooks';
import type { Clock } from '../../client/src/upload/ports.ts';

export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, milliseconds);
    return () => clearTimeout(timer);
  },
};
