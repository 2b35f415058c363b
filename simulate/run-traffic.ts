/**
 * Sends the sessions of one stage: begun (created, uploaded) → held open while the phone records and its upload goes
 * on → completed → followed to its end. Many are held at once, few are begun or in processing at once.
 *
 * It begins with single sessions until one shows the percentage that was moved to, for the flag reaches the server's
 * evaluation a moment after it is in force. It begins no more when it is halted, or has reached what it ran for; in the
 * latter case what is under way goes on to its end. When halted it returns at once.
 */
import { once } from 'node:events';
import PQueue from 'p-queue';
import { ApiError } from '../client/src/api-error.ts';
import type { SessionStatus } from '../client/src/contract.ts';
import type { VoiceApi } from '../client/src/voice-api.ts';
import {
  completeSession,
  createFollower,
  createSession,
  type DriveParts,
  type OpenSession,
  uploadSession,
} from './drive-session.ts';
import { lifeMs, type PlannedSession } from './plan-stage.ts';
import type { SessionRecord } from './session-record.ts';

export type TrafficParts = DriveParts & {
  readonly apiOf: (userId: string) => Promise<VoiceApi>;
  readonly records: SessionRecord[];
  readonly concurrency: number;
  readonly open: number;
  readonly rate: number | null;
  /** No more sessions are begun. */
  readonly enough: AbortSignal;
  /** No more can be expected to show the percentage. */
  readonly rolledBack: AbortSignal;
};

export type StageTraffic = {
  readonly stage: number;
  /** What new sessions are to show before the crowd comes; null when the rollout is left as it is. */
  readonly percent: number | null;
  readonly planned: readonly PlannedSession[];
};

/** Why `halt` was aborted, when a person did it. */
export const INTERRUPTED = 'interrupted';

const SETTLE_MS = 30_000;
const SETTLE_EVERY_MS = 500;

type Begun = { readonly session: OpenSession; readonly record: SessionRecord; readonly dueAt: number };

/** @throws ApiError when the server cannot be used, or does not show the percentage in 30 s */
export async function runTraffic(
  { stage, percent, planned }: StageTraffic,
  parts: TrafficParts,
): Promise<void> {
  const { clock, halt, enough, rolledBack, records, rate } = parts;
  const begins = new PQueue({ concurrency: parts.concurrency });
  const finishes = new PQueue({ concurrency: parts.concurrency });
  const underWay = new PQueue({ concurrency: parts.open });
  const follow = createFollower(parts);
  const isOver = () => halt.signal.aborted || enough.aborted;

  const begin = async (plan: PlannedSession): Promise<Begun> => {
    const session = await createSession(await parts.apiOf(plan.user.id), plan, parts.patience);
    const dueAt = clock.now() + lifeMs(plan);
    const { variant, percent: shown, reason } = session.created.assignment;
    const record: SessionRecord = {
      userId: plan.user.id,
      stage,
      arm: variant,
      percent: shown,
      reason,
      meantToFail: session.meantToFail,
      end: null,
    };
    records.push(record);
    await orLost(record, () => uploadSession(session, parts));
    return { session, record, dueAt };
  };

  const finish = async ({ session, record, dueAt }: Begun): Promise<void> => {
    if (record.end !== null) return;
    await clock.sleep(dueAt - clock.now(), halt.signal);
    await finishes.add(async () => {
      if (halt.signal.aborted) return;
      await orLost(record, async () => {
        await completeSession(session, parts);
        record.end = endOf(await follow(session), clock.now());
      });
    });
  };

  /** What befalls one session is its own; what befalls all of them ends the run. */
  const orLost = async (record: SessionRecord, action: () => Promise<void>): Promise<void> => {
    try {
      await action();
    } catch (error) {
      if (halt.signal.aborted) return; // it was left under way
      const code = error instanceof ApiError ? error.code : 'crashed';
      record.end = { state: 'lost', at: clock.now(), code, uploadWaitMs: null, totalMs: null };
      if (isFatal(error)) halt.abort(error);
    }
  };

  const one = async (plan: PlannedSession): Promise<void> => {
    const begun = await begins.add(async () => (isOver() ? null : begin(plan)));
    if (begun !== null) await finish(begun);
  };

  /** How many sessions it took until one showed the percentage. */
  const settle = async (): Promise<number> => {
    if (percent === null) return 0;
    const deadline = clock.now() + SETTLE_MS;
    for (const [index, plan] of planned.entries()) {
      if (isOver() || rolledBack.aborted) return index;
      const begun = await begin(plan);
      void underWay.add(() => finish(begun));
      if (begun.record.percent === percent) return index + 1;
      if (clock.now() > deadline) {
        const shown = `${begun.record.percent} % (${begun.record.reason})`;
        throw new ApiError(0, 'percent_not_shown', `new sessions still show ${shown}, not ${percent} %`);
      }
      await clock.sleep(SETTLE_EVERY_MS, halt.signal);
    }
    return planned.length;
  };

  const halted = once(halt.signal, 'abort');
  const crowd = planned.slice(await settle());
  const started = clock.now();
  for (const [index, plan] of crowd.entries()) {
    if (rate !== null) await clock.sleep(started + (index * 1000) / rate - clock.now(), halt.signal);
    await Promise.race([underWay.onSizeLessThan(1), halted]);
    if (isOver()) break;
    void underWay.add(() => one(plan).catch((error) => halt.abort(error)));
  }
  await Promise.race([underWay.onIdle(), halted]);
  if (halt.signal.aborted && halt.signal.reason !== INTERRUPTED) throw halt.signal.reason;
}

/** Errors of the connection or of the token, after all patience. */
function isFatal(error: unknown): boolean {
  if (!(error instanceof ApiError)) return true;
  return (error.status === 0 && error.code !== 'not_ended') || error.status === 401 || error.status === 403;
}

function endOf({ state, failure, timings }: SessionStatus, at: number): NonNullable<SessionRecord['end']> {
  const { uploadWaitMs, totalMs } = timings;
  return { state: state as 'completed', at, code: failure?.code ?? null, uploadWaitMs, totalMs };
}
