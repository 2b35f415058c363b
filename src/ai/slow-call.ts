/** When a transcription counts as slow: later than 95 % of the recent ones were, for as much sound. */
import { linearRegression, quantile } from 'simple-statistics';

export type TimedCall = { readonly seconds: number; readonly milliseconds: number };

/** Fewer say nothing of a tail. */
const LEAST_CALLS = 20;
const REMEMBERED = 200;
/** A call that is answered within a second is never slow: a second one would not be sooner. */
const FLOOR_MS = 1_000;

/** The last 200, oldest first. */
export function withCall(calls: readonly TimedCall[], call: TimedCall): readonly TimedCall[] {
  return [...calls.slice(1 - REMEMBERED), call];
}

/**
 * Milliseconds after which a call with so many seconds of sound is slow; null until twenty are known. A line through the
 * calls says what is to be expected, and the p95 of what they took of that says when it is too long.
 */
export function slowAfterMs(calls: readonly TimedCall[], seconds: number): number | null {
  if (calls.length < LEAST_CALLS) return null;
  const expected = expectation(calls);
  const shares = calls.map((call) => call.milliseconds / expected(call.seconds));
  return Math.max(FLOOR_MS, quantile(shares, 0.95) * expected(seconds));
}

/** a + b·seconds, neither of them below zero: more sound is never expected sooner, and nothing before it is sent. */
function expectation(calls: readonly TimedCall[]): (seconds: number) => number {
  const { m, b } = linearRegression(calls.map((call) => [call.seconds, call.milliseconds]));
  const sum = (of: (call: TimedCall) => number) => calls.reduce((total, call) => total + of(call), 0);
  const atLeast = (ms: number) => Math.max(1, ms);
  if (!(m > 0)) {
    const mean = sum((call) => call.milliseconds) / calls.length;
    return () => atLeast(mean);
  }
  if (b >= 0) return (seconds) => atLeast(b + m * seconds);
  const slope = sum((call) => call.seconds * call.milliseconds) / sum((call) => call.seconds ** 2);
  return (seconds) => atLeast(slope * seconds);
}
