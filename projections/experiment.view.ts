/** What is shown of an experiment, computed from its state: pure. Costs a few milliseconds, so it is kept until the state changes. */
import {
  type ArmView,
  type Comparison,
  type ExperimentView,
  type GuardrailView,
  type Quantiles,
  type StageView,
  TIMES,
  type TimeName,
} from '../src/rollout/experiment.ts';
import type { RolloutPlan } from '../src/rollout/plan.ts';
import type { TestName } from '../src/rollout/policy.ts';
import type { Arm } from '../src/rollout/statistics/bucket.ts';
import { ratioOfTimes } from '../src/rollout/statistics/mean-difference.ts';
import { type Histogram, merge, quantile, recorded } from '../src/rollout/statistics/quantiles.ts';
import { relativeRisk } from '../src/rollout/statistics/relative-risk.ts';
import { expectedChunked, type Strata, totals } from '../src/rollout/statistics/strata.ts';
import { verdicts } from '../src/rollout/verdicts.ts';
import {
  type ArmState,
  type ExperimentState,
  eValue,
  logEValueOf,
  NO_ARM,
  type StageState,
} from './experiment.evolve.ts';

/** When a rollout was never planned there is nothing to be sure of; this is only shown. */
const NO_ALPHAS: RolloutPlan['alphas'] = { failure: 0.05, slow: 0.01, sampleRatio: 0.001, gain: 0.05 };

/** @param stages all of the flag, in order. */
export function experimentView(experiment: ExperimentState, stages: readonly StageState[]): ExperimentView {
  const { flag, attempt, startedAt, asOf, tests, timeline, internal, excluded, plan } = experiment;
  const alphas = plan?.alphas ?? NO_ALPHAS;
  // Where everybody or nobody has it, there is nothing to compare.
  const compared = stages.filter(
    (stage) => stage.attempt === attempt && stage.percent > 0 && stage.percent < 100,
  );
  const strata = {
    failure: tests.failure.strata,
    slow: tests.slow.strata,
    sampleRatio: tests.sampleRatio.strata,
  };
  const total = comparison(compared, strata, alphas);
  const guardrail = (test: TestName) => guardrailView(experiment, test, alphas[test]);
  const guardrails = {
    failure: guardrail('failure'),
    slow: guardrail('slow'),
    sampleRatio: guardrail('sampleRatio'),
  };
  return {
    flag,
    attempt,
    startedAt,
    asOf,
    total,
    stages: stages.map((stage) => stageView(stage, alphas)),
    internal,
    excluded,
    guardrails,
    timeline,
    verdicts: verdicts(total, guardrails),
  };
}

function stageView(state: StageState, alphas: RolloutPlan['alphas']): StageView {
  const { stage, attempt, percent, startedAt, endedAt, origin, strata } = state;
  return { stage, attempt, percent, startedAt, endedAt, origin, ...comparison([state], strata, alphas) };
}

function comparison(
  stages: readonly StageState[],
  strata: Readonly<Record<TestName, Strata>>,
  alphas: RolloutPlan['alphas'],
): Comparison {
  const time = (name: TimeName) =>
    ratioOfTimes(
      stages.map(({ stage, arms }) => ({
        stage,
        chunked: arms.chunked.moments[name],
        single: arms.single.moments[name],
      })),
      alphas.gain,
    );
  return {
    arms: { chunked: armView(stages, 'chunked'), single: armView(stages, 'single') },
    ratios: {
      failure: relativeRisk(strata.failure, alphas.failure),
      slow: relativeRisk(strata.slow, alphas.slow),
      totalMs: time('totalMs'),
      uploadWaitMs: time('uploadWaitMs'),
      processingMs: time('processingMs'),
    },
    eValues: {
      failure: eValue(logEValueOf('failure', strata.failure)),
      slow: eValue(logEValueOf('slow', strata.slow)),
      sampleRatio: eValue(logEValueOf('sampleRatio', strata.sampleRatio)),
    },
  };
}

/** Users of several stages are counted in each. */
function armView(stages: readonly StageState[], arm: Arm): ArmView {
  const sum = stages.map(({ arms }) => arms[arm]).reduce(added, NO_ARM);
  const { users, sessions, completed, failed, expired, erased, slow, fellBack, times } = sum;
  const ended = completed + failed + expired;
  const rate = (part: number) => (ended === 0 ? null : part / ended);
  return {
    users,
    sessions,
    open: sessions - ended - erased,
    completed,
    failed,
    expired,
    slow,
    fellBack,
    completionRate: rate(completed),
    failureRate: rate(failed + expired),
    slowRate: rate(slow),
    totalMs: quantiles(times.totalMs),
    uploadWaitMs: quantiles(times.uploadWaitMs),
    processingMs: quantiles(times.processingMs),
  };
}

const COUNTS = ['users', 'sessions', 'completed', 'failed', 'expired', 'erased', 'slow', 'fellBack'] as const;

function added(a: ArmState, b: ArmState): ArmState {
  const counts = Object.fromEntries(COUNTS.map((name) => [name, a[name] + b[name]]));
  const times = Object.fromEntries(TIMES.map((name) => [name, merge(a.times[name], b.times[name])]));
  return { ...a, ...counts, times: times as ArmState['times'] };
}

function quantiles(histogram: Histogram): Quantiles {
  const count = recorded(histogram);
  if (count === 0) return null;
  const at = (q: number) => Math.round(quantile(histogram, q) ?? 0);
  return { count, p50: at(0.5), p75: at(0.75), p90: at(0.9), p95: at(0.95), p99: at(0.99) };
}

function guardrailView({ tests }: ExperimentState, test: TestName, alpha: number): GuardrailView {
  const { strata, logPeak, breachedAt } = tests[test];
  const log = logEValueOf(test, strata);
  // Half of the way, on the scale on which evidence adds up.
  const isClose = log >= -Math.log(alpha) / 2;
  return {
    alpha,
    threshold: 1 / alpha,
    eValue: eValue(log),
    peak: eValue(logPeak),
    state: breachedAt !== null ? 'breached' : isClose ? 'watch' : 'quiet',
    breachedAt,
    counted: { ...totals(strata), expectedChunked: expectedChunked(strata) },
  };
}
