import { setTimeout as delay } from 'node:timers/promises';

/** Soon at first; then seldom, since each look is work for what is looked at, and for the tests beside. */
const FIRST_LOOK_MS = 5;
const SELDOM_MS = 250;

/** Tries an expectation again until it holds; fails with its own message when it doesn't in time. */
export async function eventually<Result>(
  expectation: () => Result | Promise<Result>,
  deadlineMs = 20_000,
): Promise<Result> {
  const giveUpAt = Date.now() + deadlineMs;
  for (let pause = FIRST_LOOK_MS; ; pause = Math.min(SELDOM_MS, pause * 1.3)) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await delay(pause);
    }
  }
}
