/** What the autopilot needs to know of an experiment. */
import type { BreachEvidence } from './events.ts';
import type { ExperimentView } from './experiment.ts';
import type { Evidence, TestName } from './policy.ts';
import type { Rollout } from './rollout.ts';

const TESTS: readonly TestName[] = ['failure', 'slow', 'sampleRatio'];

export function evidenceOf(view: ExperimentView, { percent }: Pick<Rollout, 'percent'>): Evidence {
  const breaches: Partial<Record<TestName, BreachEvidence>> = {};
  for (const test of TESTS) {
    const { breachedAt, peak, threshold, counted } = view.guardrails[test];
    if (breachedAt !== null) breaches[test] = { eValue: peak, threshold, ...counted, decidedAt: breachedAt };
  }
  const current = view.stages.findLast(
    (stage) => stage.percent === percent && stage.attempt === view.attempt,
  );
  const chunked = current?.arms.chunked;
  return {
    attempt: view.attempt,
    breaches,
    watched: TESTS.filter((test) => view.guardrails[test].state === 'watch'),
    endedInStage: chunked === undefined ? 0 : chunked.completed + chunked.failed + chunked.expired,
    gain: view.total.ratios.totalMs,
  };
}
