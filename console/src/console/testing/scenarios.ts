/**
 * Whole states of a rollout, as a product manager meets them. Long because it is data; the texts are in the server's words.
 */
import type { Arm, ExperimentAnswer, RolloutAnswer } from '../api-types.ts';
import {
  arm,
  before,
  byAutopilot,
  byPerson,
  comparison,
  DAY_MS,
  experimentAnswer,
  guardrail,
  HOUR_MS,
  historyItem,
  MINUTE_MS,
  NOW,
  quantiles,
  rolloutAnswer,
  stageComparison,
} from './documents.ts';

export type Scenario = { readonly rollout: RolloutAnswer; readonly experiment: ExperimentAnswer };

const singleTimes = (count: number) => ({
  totalMs: quantiles(count, 33_800, 51_400, 60_300),
  uploadWaitMs: quantiles(count, 16_900, 28_100, 33_700),
  processingMs: quantiles(count, 16_400, 24_900, 28_800),
});

const chunkedTimes = (count: number) => ({
  totalMs: quantiles(count, 3_870, 6_910, 9_420),
  uploadWaitMs: quantiles(count, 640, 1_730, 2_950),
  processingMs: quantiles(count, 3_150, 5_480, 7_020),
});

/** A walk from 1 to `last` that looks like evidence; the same each time. */
function walk(points: number, last: number, roughness: number): number[] {
  return Array.from({ length: points }, (_, at) => {
    const way = at / (points - 1);
    const noise = Math.sin(at * 1.7) + Math.sin(at * 0.37 + 1) * 1.3;
    return Math.exp(Math.log(last) * way + noise * roughness * way * (1 - way));
  });
}

type Ends = { readonly failure: number; readonly slow: number; readonly sampleRatio: number };

function timeline(now: number, sinceMs: number, points: number, ends: Ends): ExperimentAnswer['timeline'] {
  const failure = walk(points, ends.failure, 1.6);
  const slow = walk(points, ends.slow, 1.2);
  const sampleRatio = walk(points, ends.sampleRatio, 1.9);
  return failure.map((value, at) => ({
    at: before(now, sinceMs * (1 - at / (points - 1))),
    failure: value,
    slow: slow[at] ?? 1,
    sampleRatio: sampleRatio[at] ?? 1,
  }));
}

function added(one: Arm, other: Arm, times: Parameters<typeof arm>[0]): Arm {
  return arm({
    users: one.users + other.users,
    sessions: one.sessions + other.sessions,
    open: one.open + other.open,
    completed: one.completed + other.completed,
    failed: one.failed + other.failed,
    expired: one.expired + other.expired,
    slow: one.slow + other.slow,
    fellBack: one.fellBack + other.fellBack,
    ...times,
  });
}

/** Fresh: nobody has recorded. */
export function empty(now = NOW): Scenario {
  return { rollout: rolloutAnswer({}, now), experiment: experimentAnswer({}, now) };
}

/** 5 % since last night; too little to say much. */
export function fewData(now = NOW): Scenario {
  const arms = {
    chunked: arm({
      users: 9,
      sessions: 12,
      open: 1,
      completed: 11,
      slow: 0,
      fellBack: 1,
      times: chunkedTimes(11),
    }),
    single: arm({
      users: 163,
      sessions: 231,
      open: 8,
      completed: 209,
      failed: 11,
      expired: 3,
      slow: 148,
      times: singleTimes(209),
    }),
  };
  const eValues = { failure: 0.71, slow: 0.18, sampleRatio: 0.32 };
  const all = comparison({ arms, eValues });
  return {
    rollout: rolloutAnswer({}, now),
    experiment: experimentAnswer(
      {
        asOf: before(now, 24_000),
        total: all,
        stages: [stageComparison(all, now)],
        internal: { users: 1, sessions: 4, completed: 4, failed: 0 },
        excluded: 2,
        guardrails: {
          failure: guardrail('failure', {
            eValue: 0.71,
            peak: 1,
            counted: { total: 13, chunked: 0, expectedChunked: 0.65 },
          }),
          slow: guardrail('slow', {
            eValue: 0.18,
            peak: 1,
            counted: { total: 102, chunked: 0, expectedChunked: 5.1 },
          }),
          sampleRatio: guardrail('sampleRatio', {
            eValue: 0.32,
            peak: 1.4,
            counted: { total: 172, chunked: 9, expectedChunked: 8.6 },
          }),
        },
        timeline: timeline(now, 14 * HOUR_MS, 60, eValues),
        verdicts: [
          {
            about: 'failure',
            level: 'open',
            text: 'Too early to say whether chunked fails more or less often: 0 % against 6.3 %, with 11 chunked sessions.',
          },
          {
            about: 'totalMs',
            level: 'open',
            text: 'Too early to say which is faster: fewer than 20 chunked users have completed a session.',
          },
          { about: 'sampleRatio', level: 'good', text: 'The arms are of the sizes they should be.' },
        ],
      },
      now,
    ),
  };
}

/** 20 % for two days, and all is well: the autopilot would go on. */
export function good(now = NOW): Scenario {
  const first = stageComparison(
    {
      percent: 5,
      startedAt: before(now, 3.6 * DAY_MS),
      endedAt: before(now, 2.1 * DAY_MS),
      arms: {
        chunked: arm({
          users: 228,
          sessions: 341,
          completed: 336,
          failed: 4,
          expired: 1,
          slow: 9,
          fellBack: 12,
          times: chunkedTimes(336),
        }),
        single: arm({
          users: 4_312,
          sessions: 6_480,
          completed: 6_081,
          failed: 312,
          expired: 87,
          slow: 4_190,
          times: singleTimes(6_081),
        }),
      },
      ratios: {
        failure: { estimate: 0.24, low: 0.08, high: 0.62 },
        slow: { estimate: 0.04, low: 0.02, high: 0.09 },
        totalMs: { estimate: 0.121, low: 0.1, high: 0.146 },
        uploadWaitMs: { estimate: 0.041, low: 0.03, high: 0.056 },
        processingMs: { estimate: 0.197, low: 0.17, high: 0.228 },
      },
    },
    now,
  );
  const second = stageComparison(
    {
      stage: 2,
      percent: 20,
      startedAt: before(now, 2.1 * DAY_MS),
      arms: {
        chunked: arm({
          users: 1_174,
          sessions: 1_905,
          open: 11,
          completed: 1_873,
          failed: 17,
          expired: 4,
          slow: 46,
          fellBack: 55,
          times: chunkedTimes(1_873),
        }),
        single: arm({
          users: 4_690,
          sessions: 7_544,
          open: 63,
          completed: 7_011,
          failed: 361,
          expired: 109,
          slow: 4_822,
          times: singleTimes(7_011),
        }),
      },
      ratios: {
        failure: { estimate: 0.17, low: 0.08, high: 0.35 },
        slow: { estimate: 0.04, low: 0.03, high: 0.06 },
        totalMs: { estimate: 0.118, low: 0.111, high: 0.126 },
        uploadWaitMs: { estimate: 0.039, low: 0.036, high: 0.043 },
        processingMs: { estimate: 0.192, low: 0.184, high: 0.201 },
      },
    },
    now,
  );
  const eValues = { failure: 0.002, slow: 0.0004, sampleRatio: 0.061 };
  const enteredAt = second.startedAt;
  const raised = byPerson('dana', 'Two nights at 5 %, failures clearly down.');
  return {
    rollout: rolloutAnswer(
      {
        percent: 20,
        next: 50,
        moves: 4,
        stage: { enteredAt, ...raised },
        autopilot: { enabled: true, decision: 'advance', waitingFor: [] },
        effect: {
          state: 'in-force',
          percent: 20,
          enabled: true,
          problems: [],
          checkedAt: before(now, 3_000),
          error: null,
        },
        history: [
          historyItem(
            before(now, 2.05 * DAY_MS),
            'AutopilotSet',
            'Autopilot switched on',
            byPerson('dana', 'Let it go on by itself over the weekend.'),
          ),
          historyItem(before(now, 2.1 * DAY_MS - 1_400), 'FlagSynced', 'In force in Unleash: 20 %', {
            percent: 20,
          }),
          historyItem(enteredAt, 'StageEntered', 'Moved to 20 %', { percent: 20, ...raised }),
          ...rolloutAnswer({}, now - 3 * DAY_MS).history,
        ],
        links: {
          unleash: 'http://127.0.0.1:4242/projects/default/features/chunked-upload',
          dashboard: 'http://127.0.0.1:3000/d/thankly-rollout',
        },
      },
      now,
    ),
    experiment: experimentAnswer(
      {
        startedAt: first.startedAt,
        asOf: before(now, 2_000),
        total: {
          arms: {
            chunked: added(first.arms.chunked, second.arms.chunked, { times: chunkedTimes(2_209) }),
            single: added(first.arms.single, second.arms.single, { times: singleTimes(13_092) }),
          },
          ratios: second.ratios,
          eValues,
        },
        stages: [first, second],
        internal: { users: 6, sessions: 83, completed: 81, failed: 2 },
        excluded: 14,
        guardrails: {
          failure: guardrail('failure', {
            eValue: eValues.failure,
            peak: 2.4,
            counted: { total: 784, chunked: 24, expectedChunked: 104.2 },
          }),
          slow: guardrail('slow', {
            eValue: eValues.slow,
            peak: 1,
            counted: { total: 5_702, chunked: 51, expectedChunked: 742.8 },
          }),
          sampleRatio: guardrail('sampleRatio', {
            eValue: eValues.sampleRatio,
            peak: 4.9,
            counted: { total: 10_404, chunked: 1_402, expectedChunked: 1_388.5 },
          }),
        },
        timeline: timeline(now, 3.6 * DAY_MS, 240, { failure: 0.012, slow: 0.011, sampleRatio: 0.061 }),
        verdicts: [
          {
            about: 'failure',
            level: 'good',
            text: 'Chunked fails less often: 1.1 % against 6.3 %. This holds whenever you look.',
          },
          {
            about: 'totalMs',
            level: 'good',
            text: 'Chunked is faster from stop to the entry: 3.9 s against 34 s, 0.12 × (0.11–0.13).',
          },
          { about: 'slow', level: 'good', text: 'Chunked is slow less often: 2.4 % against 64 %.' },
          { about: 'sampleRatio', level: 'good', text: 'The arms are of the sizes they should be.' },
        ],
      },
      now,
    ),
  };
}

/** A bad build at 5 %: the guardrail spoke, and the autopilot rolled back. */
export function breached(now = NOW): Scenario {
  const arms = {
    chunked: arm({
      users: 31,
      sessions: 47,
      open: 2,
      completed: 35,
      failed: 8,
      expired: 2,
      slow: 4,
      fellBack: 9,
      times: chunkedTimes(35),
    }),
    single: arm({
      users: 598,
      sessions: 903,
      open: 17,
      completed: 838,
      failed: 37,
      expired: 11,
      slow: 551,
      times: singleTimes(838),
    }),
  };
  const ratios = {
    failure: { estimate: 4.31, low: 1.52, high: 10.4 },
    slow: { estimate: 0.14, low: 0.05, high: 0.38 },
    totalMs: { estimate: 0.13, low: 0.07, high: 0.24 },
    uploadWaitMs: null,
    processingMs: null,
  };
  const eValues = { failure: 34.2, slow: 0.02, sampleRatio: 0.4 };
  const all = comparison({ arms, ratios, eValues });
  const brokenAt = 4 * MINUTE_MS;
  const why = byAutopilot('chunked fails more often than single');
  return {
    rollout: rolloutAnswer(
      {
        state: 'rolled-back',
        percent: 0,
        next: 5,
        moves: 3,
        stage: { enteredAt: before(now, brokenAt), ...why },
        autopilot: {
          enabled: true,
          decision: 'hold',
          waitingFor: ['it was rolled back: only a person takes it up again'],
        },
        effect: {
          state: 'in-force',
          percent: 0,
          enabled: true,
          problems: [],
          checkedAt: before(now, 4_000),
          error: null,
        },
        history: [
          historyItem(before(now, brokenAt - 2_100), 'FlagSynced', 'In force in Unleash: 0 %', {
            percent: 0,
          }),
          historyItem(before(now, brokenAt), 'RolledBack', 'Rolled back from 5 % to 0 %', {
            percent: 0,
            ...why,
          }),
          historyItem(
            before(now, brokenAt + 1_000),
            'GuardrailBreached',
            'Guardrail breached: chunked fails more often (9 of 40 such users were in chunked, 2.0 expected)',
          ),
          historyItem(
            before(now, 5 * HOUR_MS),
            'AutopilotSet',
            'Autopilot switched on',
            byPerson('dana', 'Watch the new build over lunch.'),
          ),
          ...rolloutAnswer({}, now).history,
        ],
      },
      now,
    ),
    experiment: experimentAnswer(
      {
        asOf: before(now, 3 * MINUTE_MS),
        total: all,
        stages: [stageComparison({ ...all, endedAt: before(now, brokenAt) }, now)],
        internal: { users: 1, sessions: 2, completed: 2, failed: 0 },
        guardrails: {
          failure: guardrail('failure', {
            eValue: 34.2,
            peak: 41.7,
            state: 'breached',
            breachedAt: before(now, brokenAt + 1_000),
            counted: { total: 40, chunked: 9, expectedChunked: 2 },
          }),
          slow: guardrail('slow', {
            eValue: 0.02,
            peak: 1,
            counted: { total: 412, chunked: 4, expectedChunked: 20.6 },
          }),
          sampleRatio: guardrail('sampleRatio', {
            eValue: 0.4,
            peak: 2.2,
            counted: { total: 629, chunked: 31, expectedChunked: 31.5 },
          }),
        },
        timeline: timeline(now, 14 * HOUR_MS, 140, { failure: 34.2, slow: 0.02, sampleRatio: 0.4 }),
        verdicts: [
          {
            about: 'failure',
            level: 'bad',
            text: 'Chunked fails more often: 22 % against 5.4 %. This holds whenever you look.',
          },
          {
            about: 'totalMs',
            level: 'good',
            text: 'Chunked is faster from stop to the entry: 3.9 s against 34 s, 0.13 × (0.07–0.24).',
          },
          { about: 'sampleRatio', level: 'good', text: 'The arms are of the sizes they should be.' },
        ],
      },
      now,
    ),
  };
}

/** As `good`, but somebody has moved the flag in Unleash's own pages. */
export function drifted(now = NOW): Scenario {
  const { rollout, experiment } = good(now);
  return {
    rollout: {
      ...rollout,
      autopilot: {
        enabled: true,
        decision: 'hold',
        waitingFor: ['somebody moved the flag in Unleash: decide what shall hold'],
      },
      effect: {
        ...rollout.effect,
        state: 'drifted',
        percent: 35,
        problems: ['segment_missing', 'payload_changed'],
      },
      history: [
        historyItem(
          before(now, 40_000),
          'FlagDriftDetected',
          'Somebody changed the flag in Unleash: it stands at 35 % (segment_missing, payload_changed), the rollout says 20 %',
          { percent: 35 },
        ),
        ...rollout.history,
      ],
    },
    experiment,
  };
}

/** The arms are not of the sizes they should be: paused, until somebody has found out why. */
export function pausedBySampleRatio(now = NOW): Scenario {
  const { rollout, experiment } = good(now);
  const { guardrails } = experiment;
  const why = byAutopilot('the arms are not of the sizes they should be, so nothing measured can be trusted');
  const counted = { total: 10_404, chunked: 1_138, expectedChunked: 1_388.5 };
  return {
    rollout: {
      ...rollout,
      state: 'paused',
      moves: 5,
      autopilot: { enabled: true, decision: 'hold', waitingFor: [why.reason] },
      history: [
        historyItem(
          before(now, 9 * MINUTE_MS),
          'RolloutPaused',
          'Paused: nobody is reassigned, nothing advances',
          why,
        ),
        historyItem(
          before(now, 9 * MINUTE_MS + 800),
          'SampleRatioMismatchDetected',
          'The arms are not of the sizes they should be: 1138 of 10404 users in chunked, 1389 expected',
        ),
        ...rollout.history,
      ],
    },
    experiment: {
      ...experiment,
      guardrails: {
        ...guardrails,
        slow: { ...guardrails.slow, eValue: 14, peak: 22, state: 'watch' },
        sampleRatio: guardrail('sampleRatio', {
          eValue: 2_830_000,
          peak: 2_830_000,
          state: 'breached',
          breachedAt: before(now, 9 * MINUTE_MS + 800),
          counted,
        }),
      },
      timeline: timeline(now, 3.6 * DAY_MS, 240, { failure: 0.012, slow: 14, sampleRatio: 2_830_000 }),
      verdicts: [
        {
          about: 'sampleRatio',
          level: 'bad',
          text: 'The arms are not of the sizes they should be: nothing measured can be trusted until it is known why.',
        },
        ...experiment.verdicts.filter(({ about }) => about !== 'sampleRatio'),
      ],
    },
  };
}

export const SCENARIOS = { empty, fewData, good, breached, drifted, pausedBySampleRatio };
