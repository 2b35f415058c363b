/** What was sent and how it went, a record a session; and what can be counted from the records. Pure. */
import type { SessionState, Strategy } from '../client/src/contract.ts';
import type { ByArm } from './population.ts';

export type SessionRecord = {
  readonly userId: string;
  /** Counts from 0, in the order of the run. */
  readonly stage: number;
  readonly arm: Strategy;
  /** Of the assignment, as the server told it. */
  readonly percent: number;
  readonly reason: string;
  readonly meantToFail: boolean;
  /** Null while it is under way. */
  end: SessionEnd | null;
};

export type SessionEnd = {
  /** `lost`: we could not bring it to its end. */
  readonly state: Exclude<SessionState, 'recording' | 'processing'> | 'lost';
  /** When we saw it, in milliseconds since 1970. */
  readonly at: number;
  /** Of the failure, or of the error by which it was lost. */
  readonly code: string | null;
  readonly uploadWaitMs: number | null;
  readonly totalMs: number | null;
};

export const ARMS = ['chunked', 'single'] as const;

export type ArmCounts = {
  readonly sessions: number;
  readonly completed: number;
  readonly failed: number;
  readonly expired: number;
  readonly lost: number;
  readonly open: number;
};

export function countByArm(records: readonly SessionRecord[]): ByArm<ArmCounts> {
  return { chunked: countOf(records, 'chunked'), single: countOf(records, 'single') };
}

function countOf(records: readonly SessionRecord[], arm: Strategy): ArmCounts {
  const states = records.filter((record) => record.arm === arm).map(({ end }) => end?.state ?? 'open');
  const count = (state: string) => states.filter((each) => each === state).length;
  return {
    sessions: states.length,
    completed: count('completed'),
    failed: count('failed'),
    expired: count('expired'),
    lost: count('lost'),
    open: count('open'),
  };
}

/** At 0 and 100 % there is but one arm. */
export function isCompared(percent: number): boolean {
  return percent > 0 && percent < 100;
}

/** Whether it is of the two arms that are compared. */
export function isInExperiment({ reason, percent }: SessionRecord): boolean {
  return (reason === 'rollout' || reason === 'control') && isCompared(percent);
}

/**
 * Users who were chunked at one percentage and single at the same or a higher one: raising may add users, and nothing
 * may take them away.
 */
export function reassignedUsers(records: readonly SessionRecord[]): string[] {
  const inAt = new Map<string, number>();
  for (const { userId, arm, percent, reason } of records) {
    if (arm === 'chunked' && reason === 'rollout') {
      inAt.set(userId, Math.min(percent, inAt.get(userId) ?? Number.POSITIVE_INFINITY));
    }
  }
  const wronged = records.filter(
    ({ userId, arm, percent, reason }) =>
      arm === 'single' && reason === 'control' && percent >= (inAt.get(userId) ?? Number.POSITIVE_INFINITY),
  );
  return [...new Set(wronged.map(({ userId }) => userId))];
}

/** Sessions that ended otherwise than they were to, by what happened instead. */
export function surprises(records: readonly SessionRecord[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { end, meantToFail } of records) {
    if (end === null || end.state === (meantToFail ? 'failed' : 'completed')) continue;
    const what = end.code === null ? end.state : `${end.state}: ${end.code}`;
    found.set(what, (found.get(what) ?? 0) + 1);
  }
  return found;
}
