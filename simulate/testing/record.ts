import type { SessionEnd, SessionRecord } from '../session-record.ts';

type Told = Partial<Omit<SessionRecord, 'end'>> & {
  readonly end?: SessionEnd['state'] | null;
  readonly at?: number;
  readonly code?: string | null;
};

/** A record of a session: what is not said is usual. */
export function record({ end = 'completed', at = 0, code = null, ...told }: Told = {}): SessionRecord {
  return {
    userId: `someone in ${told.arm ?? 'chunked'}`,
    stage: 0,
    arm: 'chunked',
    percent: 5,
    reason: told.arm === 'single' ? 'control' : 'rollout',
    meantToFail: false,
    ...told,
    end: end === null ? null : { state: end, at, code, uploadWaitMs: 2_000, totalMs: 2_500 },
  };
}
