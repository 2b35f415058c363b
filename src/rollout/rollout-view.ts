/** What is read of a rollout: the answer of `GET /rollouts/:flag`, less the links. */
import type { RolloutEvent } from './events.ts';
import { type HistoryItem, historyItem } from './history.ts';
import { nextStage, type RolloutPlan } from './plan.ts';
import { type Advice, advise, type Evidence } from './policy.ts';
import type { Rollout, RolloutPhase } from './rollout.ts';

const HISTORY = 200;

export type RolloutView = {
  readonly flag: string;
  readonly state: RolloutPhase;
  readonly percent: number;
  readonly stage: Rollout['stage'];
  readonly next: number | null;
  readonly plan: RolloutPlan;
  readonly attempt: number;
  readonly autopilot: {
    readonly enabled: boolean;
    readonly decision: Advice['decision'];
    readonly waitingFor: readonly string[];
  };
  readonly effect: EffectView;
  readonly moves: number;
  readonly history: readonly HistoryItem[];
};

export type EffectView = {
  readonly state: 'in-force' | 'pending' | 'drifted' | 'failing' | 'unknown';
  readonly percent: number | null;
  readonly enabled: boolean | null;
  readonly problems: readonly string[];
  readonly checkedAt: string | null;
  readonly error: { readonly code: string; readonly message: string } | null;
};

/** What the flag server said when it was last read. */
export type LastCheck = {
  readonly percent: number | null;
  readonly enabled: boolean;
  readonly problems: readonly string[];
  readonly checkedAt: string;
};

export function rolloutView(
  rollout: Rollout,
  events: readonly RolloutEvent[],
  evidence: Evidence | null,
  check: LastCheck | null,
  now: string,
): RolloutView {
  const { flag, plan, phase, percent, stage, attempt, moves, autopilot } = rollout;
  const { decision, reasons } = advise(rollout, evidence, now);
  return {
    flag,
    state: phase,
    percent,
    stage,
    next: phase === 'completed' ? null : (nextStage(plan, percent)?.percent ?? null),
    plan,
    attempt,
    autopilot: { enabled: autopilot, decision, waitingFor: decision === 'hold' ? reasons : [] },
    effect: effectView(rollout, check),
    moves,
    history: events.slice(-HISTORY).reverse().map(historyItem),
  };
}

function effectView({ effect }: Rollout, check: LastCheck | null): EffectView {
  const { percent = null, enabled = null, problems = [], checkedAt = null } = check ?? {};
  const error = effect.state === 'failing' ? { code: effect.code, message: effect.message } : null;
  // A drift is told as it was found; a newer reading of the same drift has nothing else to say.
  const state = check === null && effect.state === 'pending' ? 'unknown' : effect.state;
  return { state, percent, enabled, problems, checkedAt, error };
}
