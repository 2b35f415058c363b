/** Answers of `/rollouts` and `/experiments`: what is not said is usual. */
import type { Experiment, ExperimentArm, HistoryItem, Rollout } from '../rollout-documents.ts';

export function rollout(told: Partial<Rollout> = {}): Rollout {
  const { percent = 5 } = told;
  return {
    state: 'running',
    percent,
    autopilot: { enabled: false },
    effect: { state: 'in-force', percent, error: null },
    moves: 1,
    history: [],
    ...told,
  };
}

export function item(type: string, at: string, told: Partial<HistoryItem> = {}): HistoryItem {
  return { at, type, text: type, by: 'system', actor: 'system:conductor', reason: null, ...told };
}

export function experimentArm(told: Partial<ExperimentArm> = {}): ExperimentArm {
  return {
    users: 0,
    sessions: 0,
    open: 0,
    completed: 0,
    failed: 0,
    expired: 0,
    slow: 0,
    failureRate: null,
    uploadWaitMs: null,
    totalMs: null,
    ...told,
  };
}

type Counts = {
  /** Default 5. */
  readonly percent?: number;
  readonly chunked?: Partial<ExperimentArm>;
  readonly single?: Partial<ExperimentArm>;
};

/** @param stages what each has counted @param excluded outside of it */
export function experiment(stages: readonly Counts[] = [], excluded = 0): Experiment {
  const arms = ({ chunked, single }: Counts) => ({
    chunked: experimentArm(chunked),
    single: experimentArm(single),
  });
  const quiet = { threshold: 20, eValue: 1, peak: 1.25, state: 'quiet' };
  return {
    total: { arms: arms(stages[0] ?? {}) },
    stages: stages.map((counts, index) => ({
      stage: index + 1,
      attempt: 1,
      percent: counts.percent ?? 5,
      arms: arms(counts),
    })),
    excluded,
    guardrails: { failure: quiet, slow: quiet, sampleRatio: quiet },
    verdicts: [{ level: 'open', text: 'It is too early to say.' }],
  };
}
