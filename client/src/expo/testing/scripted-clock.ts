/** A DOUBLE of the clock: time passes when the test says so, and callbacks run in its order. */
import type { Clock } from '../../upload/ports.ts';

export type ScriptedClock = Clock & {
  pass(milliseconds: number): void;
  /** As when the app was suspended: time is over, and what was due meanwhile comes late, all at once. */
  sleep(milliseconds: number): void;
};

export function scriptedClock(): ScriptedClock {
  let now = 0;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  function runDue(): boolean {
    const next = [...timers].sort((a, b) => a.at - b.at)[0];
    if (next === undefined || next.at > now) return false;
    timers = timers.filter((timer) => timer !== next);
    next.callback();
    return true;
  }
  return {
    now: () => now,
    wallTime: () => Date.parse('2026-11-24T09:00:00.000Z') + now,
    after(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass(milliseconds) {
      const end = now + milliseconds;
      for (;;) {
        const next = Math.min(...timers.map(({ at }) => at));
        if (next > end) break;
        now = Math.max(now, next);
        runDue();
      }
      now = end;
    },
    sleep(milliseconds) {
      now += milliseconds;
      while (runDue());
    },
  };
}
