/**
 * The experiment of one flag, folded from the rollout's events and the sessions' events: pure, so that it can be rebuilt
 * at any time. What is folded is kept in four parts, because one event touches little of it: the experiment, its stages,
 * the session, and its user.
 *
 * - A session belongs to the stage whose percentage it was assigned at, and to the arm it was assigned, for good: what
 *   becomes of it is counted there, also when it falls back or ends long after the stage (intention to treat).
 * - Its first outcome counts: a failure that a retry mends later was a failure.
 * - A user counts once a stage in each test, by the share that the test can know (statistics/bucket.ts).
 * - The tests begin anew with each attempt; what is known of users' buckets stays.
 */
import { defined } from '../src/recording/defined.ts';
import type { RecordingEvent, SessionCreated } from '../src/recording/events.ts';
import type { RolloutEvent } from '../src/rollout/events.ts';
import { TIMES, type TimelinePoint, type TimeName } from '../src/rollout/experiment.ts';
import type { RolloutPlan } from '../src/rollout/plan.ts';
import type { TestName } from '../src/rollout/policy.ts';
import { type Arm, type Bucket, narrow, shareGiven, UNKNOWN } from '../src/rollout/statistics/bucket.ts';
import { logHarmEValue } from '../src/rollout/statistics/harm.ts';
import { addSession, type Moments, NO_MOMENTS, type UserSums } from '../src/rollout/statistics/moments.ts';
import { logSampleRatioEValue } from '../src/rollout/statistics/multinomial.ts';
import { type Histogram, NO_TIMES, record } from '../src/rollout/statistics/quantiles.ts';
import { count, type Strata } from '../src/rollout/statistics/strata.ts';

/** Raised when the fold changes: a new version is built beside the old one and then takes its place. */
export const EXPERIMENT_VERSION = 1;

/** Events that change it. */
export const EXPERIMENT_EVENTS = [
  'RolloutPlanned',
  'StageEntered',
  'RolledBack',
  'FlagSynced',
  'FlagDriftDetected',
  'SessionCreated',
  'UploadFellBack',
  'SessionCompleted',
  'SessionFailed',
  'SessionExpired',
  'SessionErased',
] as const satisfies readonly (RecordingEvent | RolloutEvent)['type'][];

export type TestState = {
  readonly strata: Strata;
  /** Of the e-value: the highest it has been. */
  readonly logPeak: number;
  readonly breachedAt: string | null;
};

export type ArmState = {
  readonly users: number;
  readonly sessions: number;
  readonly completed: number;
  readonly failed: number;
  readonly expired: number;
  /** Withdrawn by the person before it ended. */
  readonly erased: number;
  readonly slow: number;
  readonly fellBack: number;
  readonly times: Readonly<Record<TimeName, Histogram>>;
  readonly moments: Readonly<Record<TimeName, Moments>>;
};

export type StageState = {
  readonly stage: number;
  readonly attempt: number;
  readonly percent: number;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly origin: 'rollout' | 'drift';
  readonly arms: Readonly<Record<Arm, ArmState>>;
  readonly strata: Readonly<Record<TestName, Strata>>;
};

export type ExperimentState = {
  readonly flag: string;
  readonly plan: RolloutPlan | null;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly asOf: string | null;
  /** Events folded so far: another number, another state. */
  readonly folded: number;
  /** Stages are numbered from 1. */
  readonly stages: number;
  readonly tests: Readonly<Record<TestName, TestState>>;
  readonly timeline: readonly TimelinePoint[];
  readonly internal: {
    readonly users: number;
    readonly sessions: number;
    readonly completed: number;
    readonly failed: number;
  };
  readonly excluded: number;
};

type UserInStage = {
  readonly stage: number;
  readonly arm: Arm;
  readonly counted: readonly TestName[];
  readonly times: Readonly<Partial<Record<TimeName, UserSums>>>;
};

export type UserState = {
  readonly internal: boolean;
  readonly buckets: Readonly<Partial<Record<TestName, Bucket>>>;
  /** The newest few: a session may end after the next stage has begun. */
  readonly stages: readonly UserInStage[];
};

export type SessionState = {
  readonly flag: string;
  readonly userId: string;
  readonly group: Arm | 'internal' | 'excluded';
  /** Null outside of the arms. */
  readonly stage: number | null;
  readonly outcome: 'completed' | 'failed' | 'expired' | 'erased' | null;
  readonly fellBack: boolean;
};

/** What one event can change. `stages`: those of the attempt, and the session's. */
export type World = {
  readonly experiment: ExperimentState;
  readonly stages: ReadonlyMap<number, StageState>;
  readonly session: SessionState | null;
  readonly user: UserState | null;
};

const STAGES_OF_USER = 10;
/**
 * What ends in a stage's first moments is in the counts, and in no guardrail: a chunked session ends some twenty seconds
 * sooner than a single one that began with it, so at first there are only chunked failures. Afterwards both flow alike.
 */
const SETTLING_MS = 30_000;
const TIMELINE = 400;

export function initialExperiment(flag: string): ExperimentState {
  const test: TestState = { strata: [], logPeak: 0, breachedAt: null };
  return {
    flag,
    plan: null,
    attempt: 1,
    startedAt: null,
    asOf: null,
    folded: 0,
    stages: 0,
    tests: { failure: test, slow: test, sampleRatio: test },
    timeline: [],
    internal: { users: 0, sessions: 0, completed: 0, failed: 0 },
    excluded: 0,
  };
}

export function evolveExperiment(world: World, event: RecordingEvent | RolloutEvent): World {
  return applied(withExperiment(world, { folded: world.experiment.folded + 1 }), event);
}

function applied(world: World, event: RecordingEvent | RolloutEvent): World {
  switch (event.type) {
    case 'RolloutPlanned':
      return withExperiment(world, { plan: event.data.plan });
    case 'StageEntered': {
      const { percent, attempt, at } = event.data;
      return beginStage(beginAttempt(world, attempt, at), percent, 'rollout', at, true);
    }
    case 'RolledBack':
      return beginStage(world, 0, 'rollout', event.data.at, true);
    case 'FlagSynced':
      // Somebody has put back what was moved by hand.
      return beginStage(world, event.data.percent, 'rollout', event.data.at, false);
    case 'FlagDriftDetected': {
      const { actualPercent, at } = event.data;
      return actualPercent === null ? world : beginStage(world, actualPercent, 'drift', at, false);
    }
    case 'SessionCreated':
      return created(world, event);
    case 'UploadFellBack':
      return fellBack(world);
    case 'SessionCompleted': {
      const { at, uploadWaitMs, processingMs } = event.data;
      return ended(world, 'completed', at, defined({ processingMs, uploadWaitMs }));
    }
    case 'SessionFailed':
      return ended(world, 'failed', event.data.at);
    case 'SessionExpired':
      return ended(world, 'expired', event.data.at);
    case 'SessionErased':
      return ended(world, 'erased', event.data.at);
    default:
      return world;
  }
}

function withExperiment(world: World, change: Partial<ExperimentState>): World {
  return { ...world, experiment: { ...world.experiment, ...change } };
}

function withStage(world: World, stage: StageState): World {
  return { ...world, stages: new Map(world.stages).set(stage.stage, stage) };
}

function beginAttempt(world: World, attempt: number, at: string): World {
  const { experiment } = world;
  if (attempt === experiment.attempt) {
    return experiment.startedAt === null ? withExperiment(world, { startedAt: at }) : world;
  }
  const { tests, timeline } = initialExperiment(experiment.flag);
  return withExperiment(world, { attempt, startedAt: at, tests, timeline });
}

/** @param always also where the flag stood there already. */
function beginStage(
  world: World,
  percent: number,
  origin: StageState['origin'],
  at: string,
  always: boolean,
): World {
  const { experiment, stages } = world;
  const current = stages.get(experiment.stages);
  if (!always && current?.percent === percent) return world;
  const begun =
    current === undefined ? world : withStage(world, { ...current, endedAt: current.endedAt ?? at });
  const number = experiment.stages + 1;
  const stage: StageState = {
    stage: number,
    attempt: experiment.attempt,
    percent,
    startedAt: at,
    endedAt: null,
    origin,
    arms: { chunked: NO_ARM, single: NO_ARM },
    strata: { failure: [], slow: [], sampleRatio: [] },
  };
  return withExperiment(withStage(begun, stage), { stages: number });
}

export const NO_ARM: ArmState = {
  users: 0,
  sessions: 0,
  completed: 0,
  failed: 0,
  expired: 0,
  erased: 0,
  slow: 0,
  fellBack: 0,
  times: { totalMs: NO_TIMES, uploadWaitMs: NO_TIMES, processingMs: NO_TIMES },
  moments: { totalMs: NO_MOMENTS, uploadWaitMs: NO_MOMENTS, processingMs: NO_MOMENTS },
};

function created(world: World, { data }: SessionCreated): World {
  if (world.session !== null) return world;
  const { userId, assignment, at } = data;
  const { flag, reason, variant, percent } = assignment;
  const session = { flag, userId, stage: null, outcome: null, fellBack: false };
  const { experiment } = world;
  if (reason === 'internal') {
    const { internal } = experiment;
    const users = internal.users + (world.user?.internal === true ? 0 : 1);
    const user = { ...(world.user ?? NEW_USER), internal: true };
    const counted = { ...world, session: { ...session, group: 'internal' as const }, user };
    return withExperiment(counted, { internal: { ...internal, users, sessions: internal.sessions + 1 } });
  }
  if (reason !== 'rollout' && reason !== 'control') {
    const counted = { ...world, session: { ...session, group: 'excluded' as const } };
    return withExperiment(counted, { excluded: experiment.excluded + 1 });
  }
  const placed = stageOf(world, percent, at);
  const { stage } = placed;
  const user = world.user ?? NEW_USER;
  const arm = stage.arms[variant];
  const known = user.stages.some((each) => each.stage === stage.stage && each.arm === variant);
  const users = arm.users + (known ? 0 : 1);
  const next: World = {
    ...withStage(placed.world, withArm(stage, variant, { users, sessions: arm.sessions + 1 })),
    session: { ...session, group: variant, stage: stage.stage },
    user: inStage(user, ofStage(user, stage.stage, variant)),
  };
  return countUser(seen(next, at), 'sampleRatio', at);
}

function seen(world: World, at: string): World {
  const { asOf } = world.experiment;
  return asOf !== null && asOf >= at ? world : withExperiment(world, { asOf: at });
}

const NEW_USER: UserState = { internal: false, buckets: {}, stages: [] };

/**
 * The newest stage that stands at the percentage the session was assigned at. There is none when the flag was moved by
 * hand and that is not noticed yet: the stage begins with this session.
 */
function stageOf(world: World, percent: number, at: string): { world: World; stage: StageState } {
  let newest: StageState | null = null;
  for (const stage of world.stages.values()) {
    const fits = stage.percent === percent && stage.attempt === world.experiment.attempt;
    if (fits && (newest === null || stage.stage > newest.stage)) newest = stage;
  }
  if (newest !== null) return { world, stage: newest };
  const begun = beginStage(world, percent, 'drift', at, true);
  return { world: begun, stage: begun.stages.get(begun.experiment.stages) as StageState };
}

function fellBack(world: World): World {
  const { session } = world;
  const place = placeOf(world);
  if (session === null || place === null || session.fellBack) return world;
  const { stage, arm } = place;
  const counted = withStage(world, withArm(stage, arm, { fellBack: stage.arms[arm].fellBack + 1 }));
  return { ...counted, session: { ...session, fellBack: true } };
}

type Outcome = NonNullable<SessionState['outcome']>;

function ended(
  world: World,
  outcome: Outcome,
  at: string,
  times: { readonly processingMs?: number; readonly uploadWaitMs?: number } = {},
): World {
  const { session, experiment } = world;
  if (session === null || session.outcome !== null) return world;
  const next: World = { ...world, session: { ...session, outcome } };
  if (session.group === 'internal') {
    const { internal } = experiment;
    if (outcome === 'completed')
      return withExperiment(next, { internal: { ...internal, completed: internal.completed + 1 } });
    if (outcome === 'erased') return next;
    return withExperiment(next, { internal: { ...internal, failed: internal.failed + 1 } });
  }
  const place = placeOf(next);
  if (place === null) return next;
  const { stage, arm } = place;
  const counted = seen(withStage(next, withArm(stage, arm, { [outcome]: stage.arms[arm][outcome] + 1 })), at);
  if (outcome === 'erased') return counted;
  if (outcome !== 'completed') return countUser(counted, 'failure', at);
  return completed(counted, at, times);
}

function completed(
  world: World,
  at: string,
  { processingMs, uploadWaitMs }: { readonly processingMs?: number; readonly uploadWaitMs?: number },
): World {
  const totalMs =
    processingMs === undefined || uploadWaitMs === undefined ? undefined : processingMs + uploadWaitMs;
  const times = { totalMs, uploadWaitMs, processingMs };
  let next = world;
  for (const name of TIMES) {
    const ms = times[name];
    if (ms !== undefined) next = measured(next, name, ms);
  }
  const isSlow =
    totalMs !== undefined && totalMs > (world.experiment.plan?.slowMs ?? Number.POSITIVE_INFINITY);
  if (!isSlow) return next;
  const place = placeOf(next);
  if (place === null) return next;
  const { stage, arm } = place;
  return countUser(withStage(next, withArm(stage, arm, { slow: stage.arms[arm].slow + 1 })), 'slow', at);
}

function measured(world: World, name: TimeName, ms: number): World {
  const place = placeOf(world);
  const { user } = world;
  if (place === null || user === null) return world;
  const { stage, arm } = place;
  const { times, moments } = stage.arms[arm];
  const before = ofStage(user, stage.stage, arm);
  const elsewhere = user.stages.flatMap((each) => {
    const sums = each.times[name];
    const isCompared = each.stage !== stage.stage && world.stages.get(each.stage)?.attempt === stage.attempt;
    return sums === undefined || !isCompared ? [] : [{ stage: each.stage, arm: each.arm, ...sums }];
  });
  const sums = before.times[name] ?? { n: 0, sum: 0 };
  // Below a millisecond nothing is measured, and a logarithm needs something.
  const added = addSession(moments[name], sums, Math.log(Math.max(1, ms)), elsewhere);
  return {
    ...withStage(
      world,
      withArm(stage, arm, {
        times: { ...times, [name]: record(times[name], ms) },
        moments: { ...moments, [name]: added.moments },
      }),
    ),
    user: inStage(user, { ...before, times: { ...before.times, [name]: added.after } }),
  };
}

/** The user's first time in this stage, for this test. */
function countUser(world: World, test: TestName, at: string): World {
  const { experiment, user } = world;
  const place = placeOf(world);
  if (place === null || user === null || place.stage.attempt !== experiment.attempt) return world;
  const { stage, arm } = place;
  if (test !== 'sampleRatio' && Date.parse(at) - Date.parse(stage.startedAt) < SETTLING_MS) return world;
  if (user.stages.some((each) => each.stage === stage.stage && each.counted.includes(test))) return world;
  const before = ofStage(user, stage.stage, arm);
  const bucket = user.buckets[test] ?? UNKNOWN;
  const share = shareGiven(bucket, stage.percent);
  const marked = inStage(
    { ...user, buckets: { ...user.buckets, [test]: narrow(bucket, stage.percent, arm) } },
    { ...before, counted: [...before.counted, test] },
  );
  const next = { ...world, user: marked };
  if (share === null) return next;
  const isChunked = arm === 'chunked';
  const strata = count(experiment.tests[test].strata, share, isChunked);
  const ofThisStage = { ...stage.strata, [test]: count(stage.strata[test], share, isChunked) };
  return withTest(withStage(next, { ...stage, strata: ofThisStage }), test, strata, at);
}

function withTest(world: World, test: TestName, strata: Strata, at: string): World {
  const { experiment } = world;
  const { tests, plan, timeline } = experiment;
  const logEValue = logEValueOf(test, strata);
  const spoken = plan !== null && logEValue >= -Math.log(plan.alphas[test]);
  const before = tests[test];
  const state: TestState = {
    strata,
    logPeak: Math.max(before.logPeak, logEValue),
    breachedAt: before.breachedAt ?? (spoken ? at : null),
  };
  const last = timeline.at(-1) ?? { failure: 1, slow: 1, sampleRatio: 1 };
  const point = { ...last, at, [test]: eValue(logEValue) };
  return withExperiment(world, {
    tests: { ...tests, [test]: state },
    timeline: thinned([...timeline, point]),
  });
}

export function logEValueOf(test: TestName, strata: Strata): number {
  return test === 'sampleRatio' ? logSampleRatioEValue(strata) : logHarmEValue(strata);
}

/** As a number that JSON can carry. */
export function eValue(log: number): number {
  return Math.exp(Math.min(log, 690));
}

/** Every second point goes when there are too many; the first and the newest stay. */
function thinned(points: readonly TimelinePoint[]): readonly TimelinePoint[] {
  if (points.length <= TIMELINE) return points;
  return points.filter((_, index) => index % 2 === 0 || index === points.length - 1);
}

function placeOf({ session, stages }: World): { stage: StageState; arm: Arm } | null {
  if (session === null || session.stage === null) return null;
  const { group } = session;
  const stage = stages.get(session.stage);
  return stage === undefined || group === 'internal' || group === 'excluded' ? null : { stage, arm: group };
}

function withArm(stage: StageState, arm: Arm, change: Partial<ArmState>): StageState {
  return { ...stage, arms: { ...stage.arms, [arm]: { ...stage.arms[arm], ...change } } };
}

function ofStage(user: UserState, stage: number, arm: Arm): UserInStage {
  const known = user.stages.find((each) => each.stage === stage && each.arm === arm);
  return known ?? { stage, arm, counted: [], times: {} };
}

function inStage(user: UserState, state: UserInStage): UserState {
  const others = user.stages.filter(({ stage, arm }) => stage !== state.stage || arm !== state.arm);
  const stages = [...others, state].sort((a, b) => a.stage - b.stage).slice(-STAGES_OF_USER);
  return { ...user, stages };
}
