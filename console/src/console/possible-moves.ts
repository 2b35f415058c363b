/** Which moves make sense where the rollout is; the server has the last word. */
import type { HistoryItem, RolloutAnswer, RolloutState } from './api-types.ts';

export type PossibleMoves = {
  /** The stage that comes next; null when none does. */
  readonly advance: number | null;
  readonly pause: boolean;
  readonly resume: boolean;
  readonly rollback: boolean;
  readonly complete: boolean;
  readonly autopilot: boolean;
};

type Standing = Pick<RolloutAnswer, 'state' | 'percent' | 'next' | 'effect' | 'autopilot'>;

export function possibleMoves({ state, percent, next, effect, autopilot }: Standing): PossibleMoves {
  const isUnderWay = state === 'running' || state === 'paused';
  return {
    // What is paused goes no higher.
    advance: state === 'paused' ? null : next,
    pause: state === 'running',
    resume: state === 'paused',
    // At 0 % there is something to take back only when somebody raised the flag by hand.
    rollback: percent > 0 || effect.state === 'drifted',
    complete: state === 'running' && percent === 100,
    autopilot: isUnderWay || autopilot.enabled,
  };
}

/** Stages of the plan that a raise to `percent` leaves out. */
export function skippedStages(
  { plan, percent: from }: Pick<RolloutAnswer, 'plan' | 'percent'>,
  percent: number,
): number[] {
  return plan.stages.map((stage) => stage.percent).filter((stage) => stage > from && stage < percent);
}

const ENTERED_BY: Readonly<Record<RolloutState, HistoryItem['type'] | null>> = {
  planned: null,
  running: null,
  paused: 'RolloutPaused',
  'rolled-back': 'RolledBack',
  completed: 'RolloutCompleted',
};

/** Who brought the rollout into the state it is in, when and why. */
export function lastChange({
  state,
  stage,
  history,
}: Pick<RolloutAnswer, 'state' | 'stage' | 'history'>): Pick<HistoryItem, 'at' | 'by' | 'actor' | 'reason'> {
  const entered = { at: stage.enteredAt, by: stage.by, actor: stage.actor, reason: stage.reason };
  const type = ENTERED_BY[state];
  return type === null ? entered : (history.find((item) => item.type === type) ?? entered);
}
