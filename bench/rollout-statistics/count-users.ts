/** Counts users once a stage with the share that is known, as the experiment's projection does. */
import { type Bucket, narrow, shareGiven, UNKNOWN } from '../../src/rollout/statistics/bucket.ts';
import { count, type Strata } from '../../src/rollout/statistics/strata.ts';

export type UserCount = {
  readonly strata: () => Strata;
  /** Whether the strata changed. */
  readonly see: (user: number, stage: number, percent: number, isChunked: boolean) => boolean;
};

export function countUsers(): UserCount {
  let strata: Strata = [];
  const known = new Map<number, { bucket: Bucket; stage: number }>();
  return {
    strata: () => strata,
    see: (user, stage, percent, isChunked) => {
      const before = known.get(user);
      if (before?.stage === stage) return false;
      const bucket = before?.bucket ?? UNKNOWN;
      known.set(user, { bucket: narrow(bucket, percent, isChunked ? 'chunked' : 'single'), stage });
      const share = shareGiven(bucket, percent);
      if (share === null) return false;
      strata = count(strata, share, isChunked);
      return true;
    },
  };
}
