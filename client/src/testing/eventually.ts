/** Tries an expectation again until it holds; fails with its own message when it doesn't in time. */
export async function eventually<Result>(
  expectation: () => Result | Promise<Result>,
  deadlineMs = 8_000,
): Promise<Result> {
  const giveUpAt = Date.now() + deadlineMs;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
