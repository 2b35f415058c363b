/** When sessions come: 2,000 a day, by far the most in the evening, hardly any towards morning. */
import type { Random } from './random.ts';

export const SESSIONS_A_DAY = 2_000;
const PEAK_HOUR = 20;

/** 1 on average over the day. */
function bustle(hour: number): number {
  return 1 + 0.9 * Math.cos((2 * Math.PI * (hour - PEAK_HOUR)) / 24);
}

/**
 * How much likelier a session fails in the evening (everybody uploads at once) than on average over the sessions: both
 * arms alike.
 */
export function eveningStrain(hour: number): number {
  return (1 + 0.8 * Math.cos((2 * Math.PI * (hour - PEAK_HOUR)) / 24)) / (1 + (0.9 * 0.8) / 2);
}

/** The hours (since midnight) at which session after session begins, from `hour` on. */
export function sessionHours(random: Random, hour: number): () => number {
  let now = hour;
  return () => {
    // Thinning (Lewis & Shedler 1979).
    do now += (random.exponential() * 24) / (SESSIONS_A_DAY * 1.9);
    while (random.uniform() * 1.9 > bustle(now));
    return now;
  };
}
