import { describe, expect, it } from '@jest/globals';
import { CHUNKED_UPLOAD_PLAN } from '../flags/cohort-plan.ts';
import type { RecordingEvent } from '../src/recording/events.ts';
import type { RolloutEvent } from '../src/rollout/events.ts';
import { drifted, entered, planned, rolledBack, synced } from '../test/support/given-rollout.ts';
import { created as createdAt } from '../test/support/recording-events.ts';
import {
  evolveExperiment,
  initialExperiment,
  type SessionState,
  type UserState,
  type World,
} from './experiment.evolve.ts';
import { experimentView } from './experiment.view.ts';

type Told = { readonly session?: string; readonly event: RecordingEvent | RolloutEvent };

/** When sessions end: a minute after their stage began. */
const at = '2026-11-24T10:01:00.000Z';

/** Folds as the consumer does: each event with its session and its user. */
function experimentAfter(...told: readonly Told[]) {
  const sessions = new Map<string, SessionState>();
  const users = new Map<string, UserState>();
  let world: World = {
    experiment: initialExperiment('chunked-upload'),
    stages: new Map(),
    session: null,
    user: null,
  };
  for (const { session: id = '', event } of told) {
    const session = sessions.get(id) ?? null;
    const userId = event.type === 'SessionCreated' ? event.data.userId : session?.userId;
    const user = users.get(userId ?? '') ?? null;
    world = evolveExperiment({ ...world, session, user }, event);
    if (world.session !== null) sessions.set(id, world.session);
    if (world.user !== null && userId !== undefined) users.set(userId, world.user);
  }
  return experimentView(world.experiment, [...world.stages.values()]);
}

const rollout = (...events: readonly RolloutEvent[]): Told[] => events.map((event) => ({ event }));
const started = rollout(planned, entered(5), synced(5));

let sessions = 0;
const REASONS = { chunked: 'rollout', single: 'control' } as const;

/** A session of a user, and what became of it. */
function session(
  userId: string,
  variant: 'chunked' | 'single',
  ending: 'completed' | 'slow' | 'failed' | 'expired' | 'erased' | 'open',
  { percent = 5, reason = REASONS[variant] as string } = {},
): Told[] {
  const id = `session-${++sessions}`;
  const assignment = { flag: 'chunked-upload', variant, percent, reason };
  const [created] = createdAt({ sessionId: id, userId, strategy: variant, assignment }) as [
    RecordingEvent,
    RecordingEvent,
  ];
  const endings: Record<typeof ending, RecordingEvent[]> = {
    open: [],
    completed: [completed(2_000, 3_000)],
    slow: [completed(20_000, 6_000)],
    failed: [failed],
    expired: [{ type: 'SessionExpired', data: { at } }],
    erased: [{ type: 'SessionErased', data: { at } }],
  };
  return [created, ...endings[ending]].map((event) => ({ session: id, event }));
}

const failed: RecordingEvent = {
  type: 'SessionFailed',
  data: { at, code: 'recording_unreadable', message: 'no audio', retriable: false, step: 'merge' },
};
const completed = (uploadWaitMs: number, processingMs: number): RecordingEvent => ({
  type: 'SessionCompleted',
  data: { at, uploadWaitMs, processingMs, without: [] },
});

describe('the experiment', () => {
  it('counts each arm’s users and sessions, and what became of them', () => {
    const { total } = experimentAfter(
      ...started,
      ...session('a', 'chunked', 'completed'),
      ...session('a', 'chunked', 'failed'),
      ...session('b', 'single', 'slow'),
      ...session('c', 'single', 'expired'),
      ...session('c', 'single', 'open'),
    );
    expect(total.arms.chunked).toMatchObject({
      users: 1,
      sessions: 2,
      completed: 1,
      failed: 1,
      failureRate: 0.5,
    });
    expect(total.arms.single).toMatchObject({
      users: 2,
      sessions: 3,
      open: 1,
      completed: 1,
      expired: 1,
      slow: 1,
    });
  });

  it('measures total time as upload wait and processing together', () => {
    const { total } = experimentAfter(...started, ...session('a', 'chunked', 'completed'));
    const { totalMs, uploadWaitMs, processingMs } = total.arms.chunked;
    expect(totalMs?.count).toBe(1);
    expect(Math.abs((totalMs?.p50 ?? 0) - 5_000)).toBeLessThanOrEqual(100);
    expect(Math.abs((uploadWaitMs?.p50 ?? 0) - 2_000)).toBeLessThanOrEqual(40);
    expect(Math.abs((processingMs?.p50 ?? 0) - 3_000)).toBeLessThanOrEqual(60);
  });

  it('counts a user once in each test, however often he fails', () => {
    const { guardrails, total } = experimentAfter(
      ...started,
      ...session('a', 'chunked', 'failed'),
      ...session('a', 'chunked', 'failed'),
      ...session('a', 'chunked', 'failed'),
    );
    expect(total.arms.chunked.failed).toBe(3);
    expect(guardrails.failure.counted).toEqual({ total: 1, chunked: 1, expectedChunked: 0.05 });
  });

  it('counts the first outcome: a failure that a retry mends later was a failure', () => {
    const { total } = experimentAfter(...started, ...session('a', 'chunked', 'failed'), {
      session: `session-${sessions}`,
      event: completed(2_000, 3_000),
    });
    expect(total.arms.chunked).toMatchObject({ completed: 0, failed: 1 });
  });

  it('leaves a session that its person withdrew out of the rates', () => {
    const { total } = experimentAfter(
      ...started,
      ...session('a', 'chunked', 'erased'),
      ...session('a', 'chunked', 'completed'),
    );
    expect(total.arms.chunked).toMatchObject({ sessions: 2, open: 0, completionRate: 1 });
  });

  it('keeps a session that fell back in the arm it was assigned', () => {
    const created = session('a', 'chunked', 'open');
    const id = `session-${sessions}`;
    const fell: RecordingEvent = { type: 'UploadFellBack', data: { at, reason: 'network', expiresAt: at } };
    const { total } = experimentAfter(
      ...started,
      ...created,
      { session: id, event: fell },
      { session: id, event: completed(9_000, 3_000) },
    );
    expect(total.arms.chunked).toMatchObject({ fellBack: 1, completed: 1 });
  });

  it('shows internal accounts apart, and leaves out who had no part in it', () => {
    const experiment = experimentAfter(
      ...started,
      ...session('demo', 'chunked', 'failed', { reason: 'internal', percent: 5 }),
      ...session('demo', 'chunked', 'completed', { reason: 'internal', percent: 5 }),
      ...session('z', 'single', 'failed', { reason: 'flag-off', percent: 0 }),
      ...session('y', 'single', 'failed', { reason: 'unleash-down', percent: 0 }),
    );
    expect(experiment.internal).toEqual({ users: 1, sessions: 2, completed: 1, failed: 1 });
    expect(experiment.excluded).toBe(2);
    expect(experiment.total.arms.chunked.sessions).toBe(0);
    expect(experiment.guardrails.failure.counted.total).toBe(0);
  });

  it('puts a session into the stage whose percentage it was assigned at, however late it comes', () => {
    const { stages } = experimentAfter(
      ...started,
      ...rollout(entered(20), synced(20)),
      ...session('a', 'chunked', 'completed', { percent: 20 }),
      ...session('b', 'single', 'completed', { percent: 5 }),
    );
    expect(stages.map(({ percent, arms }) => [percent, arms.chunked.sessions, arms.single.sessions])).toEqual(
      [
        [5, 0, 1],
        [20, 1, 0],
      ],
    );
  });

  it('begins a stage where the flag was moved by hand, noticed or not yet, and one when it is put back', () => {
    const { stages } = experimentAfter(
      ...started,
      ...session('a', 'chunked', 'completed', { percent: 35 }),
      ...rollout(drifted(35)),
      ...session('b', 'single', 'completed', { percent: 35 }),
      ...rollout(synced(5)),
      ...session('c', 'single', 'completed', { percent: 5 }),
    );
    expect(stages.map(({ percent, origin, arms }) => [percent, origin, arms.single.sessions])).toEqual([
      [5, 'rollout', 0],
      [35, 'drift', 1],
      [5, 'rollout', 1],
    ]);
  });

  it('knows at the next stage what a user’s failure at the first has told of his bucket', () => {
    const { guardrails, stages } = experimentAfter(
      ...started,
      ...session('c', 'single', 'failed'), // so his bucket is above 5
      ...session('d', 'chunked', 'failed'), // so his is not
      ...rollout(entered(20), synced(20)),
      ...session('c', 'single', 'failed', { percent: 20 }),
      ...session('d', 'chunked', 'failed', { percent: 20 }), // is in chunked for certain: tells nothing
    );
    expect(guardrails.failure.counted).toEqual({
      total: 3,
      chunked: 1,
      expectedChunked: expect.closeTo(0.05 + 0.05 + 15 / 95, 5),
    });
    expect(stages[1]?.eValues.failure).toBeLessThan(1);
  });

  it('speaks when chunked fails more often, once and for all of the attempt', () => {
    const bad = Array.from({ length: 8 }, (_, user) => session(`bad-${user}`, 'chunked', 'failed')).flat();
    const fine = Array.from({ length: 400 }, (_, user) => session(`fine-${user}`, 'single', 'failed')).flat();
    const spoken = experimentAfter(...started, ...bad);
    expect(spoken.guardrails.failure).toMatchObject({ state: 'breached', threshold: 20, breachedAt: at });
    expect(spoken.verdicts).toContainEqual({
      about: 'failure',
      level: 'bad',
      text: 'Chunked fails more often: 100 % against nothing yet; this holds whenever you look.',
    });
    const after = experimentAfter(...started, ...bad, ...fine).guardrails.failure;
    expect(after.state).toBe('breached');
    expect(after.eValue).toBeLessThan(after.peak);
  });

  it('does not speak when both fail alike', () => {
    const alike = Array.from({ length: 400 }, (_, user) =>
      session(`u-${user}`, user % 20 === 0 ? 'chunked' : 'single', 'failed'),
    ).flat();
    expect(experimentAfter(...started, ...alike).guardrails.failure.state).toBe('quiet');
  });

  it('notices that the arms are not of the sizes they should be', () => {
    const uneven = Array.from({ length: 200 }, (_, user) =>
      session(`u-${user}`, user % 4 === 0 ? 'chunked' : 'single', 'completed'),
    ).flat();
    expect(experimentAfter(...started, ...uneven).guardrails.sampleRatio.state).toBe('breached');
  });

  it('does not weigh what ends in a stage’s first moments, when only chunked sessions have had time to fail', () => {
    const early = session('a', 'chunked', 'failed').map(({ session: id = '', event }) => ({
      session: id,
      event: { ...event, data: { ...event.data, at: '2026-11-24T10:00:29.999Z' } } as RecordingEvent,
    }));
    const { guardrails, total } = experimentAfter(...started, ...early);
    expect(total.arms.chunked.failed).toBe(1);
    expect(guardrails.failure.counted.total).toBe(0);
  });

  it('begins its evidence anew with the attempt after a rollback', () => {
    const bad = Array.from({ length: 8 }, (_, user) => session(`bad-${user}`, 'chunked', 'failed')).flat();
    const again = experimentAfter(
      ...started,
      ...bad,
      ...rollout(rolledBack(5), synced(0), entered(5, 2), synced(5)),
    );
    expect(again).toMatchObject({ attempt: 2, guardrails: { failure: { state: 'quiet', peak: 1 } } });
    expect(again.total.arms.chunked.sessions).toBe(0);
    expect(again.stages.map(({ attempt, percent }) => [attempt, percent])).toEqual([
      [1, 5],
      [1, 0],
      [2, 5],
    ]);
  });

  it('takes a late outcome of an earlier attempt into that stage, not into this attempt’s evidence', () => {
    const open = session('a', 'chunked', 'open');
    const id = `session-${sessions}`;
    const late = experimentAfter(...started, ...open, ...rollout(rolledBack(5), entered(5, 2)), {
      session: id,
      event: failed,
    });
    expect(late.stages[0]?.arms.chunked.failed).toBe(1);
    expect(late.guardrails.failure.counted.total).toBe(0);
  });

  it('compares nothing where everybody or nobody has it', () => {
    const { total, stages } = experimentAfter(
      ...rollout(planned, entered(100), synced(100)),
      ...session('a', 'chunked', 'failed', { percent: 100 }),
    );
    expect(stages[0]?.arms.chunked.failed).toBe(1);
    expect(total.arms.chunked.sessions).toBe(0);
    expect(total.eValues.failure).toBe(1);
  });

  it('thins its timeline, keeping the first and the newest point', () => {
    const many = Array.from({ length: 1_500 }, (_, user) => session(`u-${user}`, 'single', 'failed')).flat();
    const { timeline } = experimentAfter(...started, ...many);
    expect(timeline.length).toBeLessThanOrEqual(400);
    expect(timeline.length).toBeGreaterThan(150);
  });

  it('plans with the plan of the rollout', () => {
    const { guardrails } = experimentAfter(...started);
    expect(guardrails.sampleRatio.alpha).toBe(CHUNKED_UPLOAD_PLAN.alphas.sampleRatio);
  });
});
