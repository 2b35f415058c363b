import type { Clock } from '../upload/ports.ts';

/** The longest that setTimeout waits; more would be none at all. 24.8 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * The browser's clock. In a tab in the background timers are late: by up to a second, and after five minutes there by up
 * to a minute (Chromium; not while it plays sound). Uploads then go on by what is answered, and retries come late.
 */
export const browserClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after(milliseconds, callback) {
    const timer = setTimeout(callback, Math.min(milliseconds, LONGEST_MS));
    return () => clearTimeout(timer);
  },
};
