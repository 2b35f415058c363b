/** What can be asked of a rollout. Time comes in: `decide` only thinks. */
import type { BreachEvidence, GuardrailName, Mover } from './events.ts';
import type { RolloutPlan } from './plan.ts';

type Timed = { readonly now: string };

/** Once, at the first start; `percent` is where the flag stands then. */
export type PlanRollout = Timed &
  Mover & {
    readonly type: 'PlanRollout';
    readonly flag: string;
    readonly plan: RolloutPlan;
    readonly percent: number;
  };
export type EnterStage = Timed & Mover & { readonly type: 'EnterStage'; readonly percent: number };
export type Pause = Timed & Mover & { readonly type: 'Pause' };
export type Resume = Timed & Mover & { readonly type: 'Resume' };
export type RollBack = Timed & Mover & { readonly type: 'RollBack' };
export type Complete = Timed & Mover & { readonly type: 'Complete' };
export type SetAutopilot = Timed & Mover & { readonly type: 'SetAutopilot'; readonly enabled: boolean };
/** A test has spoken. */
export type ReportBreach = Timed & {
  readonly type: 'ReportBreach';
  readonly metric: GuardrailName | 'sampleRatio';
  readonly attempt: number;
  readonly evidence: BreachEvidence;
};
/** What was read from the flag server, while `moves` moves had been made: an older reading says nothing. */
export type ReportEffect = Timed & {
  readonly type: 'ReportEffect';
  readonly moves: number;
  readonly percent: number | null;
  readonly enabled: boolean;
  readonly problems: readonly string[];
  /** It was read right after writing. */
  readonly written: boolean;
};
export type ReportSyncFailure = Timed & {
  readonly type: 'ReportSyncFailure';
  readonly code: string;
  readonly message: string;
};

/** What a person or the autopilot does. */
export type Move = EnterStage | Pause | Resume | RollBack | Complete | SetAutopilot;

export type RolloutCommand = PlanRollout | Move | ReportBreach | ReportEffect | ReportSyncFailure;
