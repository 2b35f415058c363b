/** A device's clock: what it measures with goes on evenly, what it shows may be hours off and is put right or wrong at times. */
import type { Clock } from '../../client/src/upload/ports.ts';
import { between, type Random, wait } from '../draws.ts';

const FURTHEST_MS = 26 * 3_600_000;
const JUMP_EVERY_MS = 20_000;

/** @param onJump after each jump */
export function jumpingClock(random: Random, onJump: () => void): Clock {
  let offsetMs = 0;
  const jump = () => {
    offsetMs = between(random, -FURTHEST_MS, FURTHEST_MS);
    onJump();
    setTimeout(jump, wait(random, JUMP_EVERY_MS)).unref();
  };
  setTimeout(jump, wait(random, JUMP_EVERY_MS)).unref();
  return evenClock(() => offsetMs);
}

export function evenClock(offsetMs: () => number = () => 0): Clock {
  return {
    now: () => performance.now(),
    wallTime: () => Date.now() + offsetMs(),
    after(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds);
      return () => clearTimeout(timer);
    },
  };
}
