import { describe, expect, it } from '@jest/globals';
import { evidenceOf } from './evidence.ts';
import type { ArmView, ExperimentView, GuardrailView, StageView } from './experiment.ts';

const AT = '2026-11-24T10:00:00.000Z';
const gain = { estimate: 0.3, low: 0.2, high: 0.4 };
const counted = { total: 30, chunked: 8, expectedChunked: 1.5 };
const quiet: GuardrailView = {
  alpha: 0.05,
  threshold: 20,
  eValue: 3,
  peak: 25,
  state: 'quiet',
  breachedAt: null,
  counted,
};
const arm = (ended: Partial<Pick<ArmView, 'completed' | 'failed' | 'expired'>>) =>
  ({ completed: 0, failed: 0, expired: 0, open: 50, ...ended }) as ArmView;

function stageView(stage: Partial<StageView>, chunked: ArmView): StageView {
  return {
    percent: 5,
    attempt: 1,
    arms: { chunked, single: arm({ completed: 1_000 }) },
    ...stage,
  } as StageView;
}
function view(change: Partial<ExperimentView>): ExperimentView {
  return {
    attempt: 1,
    total: { ratios: { totalMs: gain } },
    stages: [],
    guardrails: { failure: quiet, slow: quiet, sampleRatio: quiet },
    ...change,
  } as ExperimentView;
}

describe('the evidence for the autopilot', () => {
  it('is nothing while nothing was seen', () => {
    expect(
      evidenceOf(view({ total: { ratios: { totalMs: null } } as ExperimentView['total'] }), { percent: 5 }),
    ).toEqual({ attempt: 1, breaches: {}, watched: [], endedInStage: 0, gain: null });
  });

  it('tells the tests that have spoken, with their peak, and those that lean', () => {
    const guardrails = {
      failure: { ...quiet, state: 'breached', breachedAt: AT } as const,
      slow: { ...quiet, state: 'watch' } as const,
      sampleRatio: quiet,
    };
    expect(evidenceOf(view({ guardrails }), { percent: 5 })).toMatchObject({
      breaches: { failure: { eValue: 25, threshold: 20, ...counted, decidedAt: AT } },
      watched: ['slow'],
      gain,
    });
    const all = { ...quiet, state: 'watch', breachedAt: AT } as const;
    const every = evidenceOf(view({ guardrails: { failure: all, slow: all, sampleRatio: all } }), {
      percent: 5,
    });
    expect(Object.keys(every.breaches)).toEqual(['failure', 'slow', 'sampleRatio']);
    expect(every.watched).toEqual(['failure', 'slow', 'sampleRatio']);
  });

  it('counts what has ended of the chunked arm, in the last stage at this percentage, of this attempt', () => {
    const stages = [
      stageView({ attempt: 1 }, arm({ completed: 500 })),
      stageView({ attempt: 2 }, arm({ completed: 1 })),
      stageView({ attempt: 2 }, arm({ completed: 70, failed: 4, expired: 2 })),
      stageView({ attempt: 2, percent: 20 }, arm({ completed: 900 })),
    ];
    expect(evidenceOf(view({ attempt: 2, stages }), { percent: 5 })).toMatchObject({
      attempt: 2,
      endedInStage: 76,
    });
    expect(evidenceOf(view({ attempt: 1, stages }), { percent: 5 }).endedInStage).toBe(500);
    expect(evidenceOf(view({ attempt: 1, stages }), { percent: 20 }).endedInStage).toBe(0);
  });
});
