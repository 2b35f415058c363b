/**
 * What is known of the hash bucket of one user, which decides the user's arm.
 *
 * Unleash's hash gives each user a bucket in 1…100, each equally likely; at percent p the user is chunked when
 * bucket ≤ p. The unit of every count is therefore the user, and what is uncertain about a user is only the bucket.
 * A user is counted at most once a stage in each process (their first failure of the stage, their first slow session,
 * their first appearance), with the share *given what the same process has learned of them before*: someone who was
 * counted as single at 5 % is in 6…100, so at 20 % they are chunked with probability 15/95, not 20/100.
 *
 * That makes the counts exact: if a user's failures do not depend on the arm (Fisher's sharp null), which users fail and
 * when says nothing about their buckets, so each newly counted user is chunked with exactly this probability, however
 * alike the sessions of one user are, whatever the hour or the device, and across changes of percentage.
 */

export type Arm = 'chunked' | 'single';

/** The bucket is in low+1 … high. Empty (low ≥ high) when what was seen contradicts the hash. */
export type Bucket = { readonly low: number; readonly high: number };

export const UNKNOWN: Bucket = { low: 0, high: 100 };

/** The chance that the user is chunked at `percent` (0–100); null when that is settled and counting would teach nothing. */
export function shareGiven({ low, high }: Bucket, percent: number): number | null {
  return percent > low && percent < high ? (percent - low) / (high - low) : null;
}

/** What is known after seeing the user in `arm` at `percent`. */
export function narrow({ low, high }: Bucket, percent: number, arm: Arm): Bucket {
  return arm === 'chunked' ? { low, high: Math.min(high, percent) } : { low: Math.max(low, percent), high };
}
