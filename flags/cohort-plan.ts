/** The cohort plan of `chunked-upload`, as code: who gets it when, and what stops it. */
import type { RolloutPlan } from '../src/rollout/plan.ts';

const DAY_MS = 24 * 3_600_000;

export const CHUNKED_UPLOAD_PLAN: RolloutPlan = {
  stages: [
    // Whole days, so that each stage has seen a night and a morning.
    { percent: 5, minimumMs: DAY_MS, minimumSessions: 200 },
    { percent: 20, minimumMs: 2 * DAY_MS, minimumSessions: 1_000 },
    { percent: 50, minimumMs: 2 * DAY_MS, minimumSessions: 2_500 },
    { percent: 100, minimumMs: 3 * DAY_MS, minimumSessions: 5_000 },
  ],
  alphas: { failure: 0.05, slow: 0.01, sampleRatio: 0.001, gain: 0.05 },
  // The old upload's goal was 10–25 s; who waits longer than that is worse off than before.
  slowMs: 25_000,
};

/** Always on, and no part of the experiment. The recorder page's user is one of them. */
export const INTERNAL_DEVELOPERS: readonly string[] = ['demo'];
