/**
 * fast-check with fewer runs: a mutant is looked at by every test that reaches it, thousands of mutants one after the
 * other. What a few runs do not see, the long ones of `npm test` may: the score is a lower bound.
 */
import * as fastCheck from '../node_modules/fast-check/lib/fast-check.js';

export * from '../node_modules/fast-check/lib/fast-check.js';

const MOST_RUNS = 10;

const few = <T extends { readonly numRuns?: number }>(parameters: T | undefined) => ({
  ...parameters,
  numRuns: Math.min(parameters?.numRuns ?? MOST_RUNS, MOST_RUNS),
  // The first failure is enough, and its shrinking would take longer than the run.
  endOnFailure: true,
});

export const assert: typeof fastCheck.assert = (property, parameters) =>
  fastCheck.assert(property, few(parameters)) as ReturnType<typeof fastCheck.assert>;

export default { ...fastCheck, assert };
