/**
 * Tests that need a part this machine may lack (a server from Debian, a recogniser). Where it is missing they are
 * skipped, saying so; under REQUIRE_ALL=1 (which CI sets) a missing part is a failure, never a skip.
 */
import { describe, it } from '@jest/globals';

/** `missing`: why the tests cannot run here, or null when they can. */
export function describeIf(missing: string | null, name: string, fn: () => void): void {
  if (missing === null) {
    describe(name, fn);
    return;
  }
  if (process.env.REQUIRE_ALL === '1') throw new Error(`REQUIRE_ALL=1, but ${name} cannot run: ${missing}`);
  process.stderr.write(`SKIPPED ${name}: ${missing}\n`);
  describe.skip(name, () => {
    it(`was skipped: ${missing}`, () => undefined);
  });
}
