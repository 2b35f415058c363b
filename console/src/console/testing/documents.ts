/** Documents as the server answers them, for tests and for looking at the page. Each is of one moment, `NOW` or another. */
import type {
  Arm,
  Comparison,
  ExperimentAnswer,
  Guardrail,
  GuardrailName,
  HistoryItem,
  Quantiles,
  RolloutAnswer,
  RolloutPlan,
  StageComparison,
} from '../api-types.ts';

export const NOW = Date.parse('2026-11-24T12:00:00.000Z');
export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** ISO 8601, so long before `now`. */
export const before = (now: number, milliseconds: number) => new Date(now - milliseconds).toISOString();

export const PLAN: RolloutPlan = {
  stages: [
    { percent: 5, minimumMs: DAY_MS, minimumSessions: 200 },
    { percent: 20, minimumMs: 2 * DAY_MS, minimumSessions: 1_000 },
    { percent: 50, minimumMs: 2 * DAY_MS, minimumSessions: 2_500 },
    { percent: 100, minimumMs: 3 * DAY_MS, minimumSessions: 5_000 },
  ],
  alphas: { failure: 0.05, slow: 0.01, sampleRatio: 0.001, gain: 0.05 },
  slowMs: 25_000,
};

export function historyItem(
  at: string,
  type: HistoryItem['type'],
  text: string,
  changes: Partial<HistoryItem> = {},
): HistoryItem {
  return { at, type, text, percent: null, by: 'system', actor: 'system:conductor', reason: null, ...changes };
}

export const byPerson = (name: string, reason: string) =>
  ({ by: 'person', actor: `operator:${name}`, reason }) as const;
export const byAutopilot = (reason: string) =>
  ({ by: 'autopilot', actor: 'system:autopilot', reason }) as const;

export function rolloutAnswer(changes: Partial<RolloutAnswer> = {}, now = NOW): RolloutAnswer {
  const enteredAt = before(now, 14 * HOUR_MS);
  const started = { by: 'system', actor: 'system:start', reason: 'first start' } as const;
  return {
    flag: 'chunked-upload',
    state: 'running',
    percent: 5,
    stage: { enteredAt, ...started },
    next: 20,
    plan: PLAN,
    attempt: 1,
    autopilot: {
      enabled: false,
      decision: 'hold',
      waitingFor: [
        'the planned time in this stage: 10 h more',
        'enough chunked sessions in this stage: 11 of 200 so far',
        'a gain that holds: it is not shown yet that chunked is faster',
      ],
    },
    effect: {
      state: 'in-force',
      percent: 5,
      enabled: true,
      problems: [],
      checkedAt: before(now, 3_000),
      error: null,
    },
    moves: 1,
    history: [
      historyItem(before(now, 14 * HOUR_MS - 1_200), 'FlagSynced', 'In force in Unleash: 5 %', {
        percent: 5,
      }),
      historyItem(enteredAt, 'StageEntered', 'Moved to 5 %', { percent: 5, ...started }),
      historyItem(enteredAt, 'RolloutPlanned', 'Planned: 5 % → 20 % → 50 % → 100 %', started),
    ],
    links: { unleash: 'http://127.0.0.1:4242/projects/default/features/chunked-upload', dashboard: null },
    ...changes,
  };
}

export type ArmCounts = Partial<
  Pick<Arm, 'users' | 'sessions' | 'open' | 'completed' | 'failed' | 'expired' | 'slow' | 'fellBack'>
> & { readonly times?: Readonly<Record<'totalMs' | 'uploadWaitMs' | 'processingMs', Quantiles>> };

/** The rates follow from the counts. */
export function arm({ times, ...counts }: ArmCounts = {}): Arm {
  const { completed = 0, failed = 0, expired = 0, slow = 0 } = counts;
  const ended = completed + failed + expired;
  const rate = (count: number) => (ended === 0 ? null : count / ended);
  return {
    users: 0,
    sessions: 0,
    open: 0,
    completed,
    failed,
    expired,
    slow,
    fellBack: 0,
    ...counts,
    completionRate: rate(completed),
    failureRate: rate(failed + expired),
    slowRate: rate(slow),
    uploadWaitMs: times?.uploadWaitMs ?? null,
    processingMs: times?.processingMs ?? null,
    totalMs: times?.totalMs ?? null,
  };
}

export function quantiles(count: number, p50: number, p90: number, p95 = p90 * 1.25): Quantiles {
  return { count, p50, p75: (p50 + p90) / 2, p90, p95, p99: p95 * 1.4 };
}

export function comparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    arms: { chunked: arm(), single: arm() },
    ratios: { failure: null, slow: null, totalMs: null, uploadWaitMs: null, processingMs: null },
    eValues: { failure: 1, slow: 1, sampleRatio: 1 },
    ...changes,
  };
}

export function stageComparison(changes: Partial<StageComparison> = {}, now = NOW): StageComparison {
  return {
    ...comparison(),
    stage: 1,
    attempt: 1,
    percent: 5,
    startedAt: before(now, 14 * HOUR_MS),
    endedAt: null,
    origin: 'rollout',
    ...changes,
  };
}

const THRESHOLDS: Readonly<Record<GuardrailName, number>> = { failure: 20, slow: 100, sampleRatio: 1_000 };

export function guardrail(name: GuardrailName, changes: Partial<Guardrail> = {}): Guardrail {
  const threshold = THRESHOLDS[name];
  const { eValue = 1 } = changes;
  return {
    alpha: 1 / threshold,
    threshold,
    eValue,
    peak: eValue,
    state: 'quiet',
    breachedAt: null,
    counted: { total: 0, chunked: 0, expectedChunked: 0 },
    ...changes,
  };
}

/** No recording yet, unless `changes` has some. */
export function experimentAnswer(changes: Partial<ExperimentAnswer> = {}, now = NOW): ExperimentAnswer {
  return {
    flag: 'chunked-upload',
    attempt: 1,
    startedAt: before(now, 14 * HOUR_MS),
    asOf: null,
    total: comparison(),
    stages: [stageComparison({}, now)],
    internal: { users: 0, sessions: 0, completed: 0, failed: 0 },
    excluded: 0,
    guardrails: {
      failure: guardrail('failure'),
      slow: guardrail('slow'),
      sampleRatio: guardrail('sampleRatio'),
    },
    timeline: [],
    verdicts: [],
    ...changes,
  };
}
