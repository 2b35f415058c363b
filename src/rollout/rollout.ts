/**
 * A rollout as folded from its stream.
 *
 *   planned ──enter──▶ running ⇄ paused
 *      running, paused ──enter──▶ running, paused (a raise only while running)
 *      running, paused, completed ──roll back──▶ rolled-back ──enter (a new attempt)──▶ running
 *      running at 100 % ──complete──▶ completed ──enter──▶ running
 *
 * What is wanted (`percent`) is moved by people and the autopilot; what is in force (`effect`) is what was read from the
 * flag server since. Evidence belongs to an attempt.
 */
import type { GuardrailName, Mover, RolloutEvent } from './events.ts';
import type { RolloutPlan } from './plan.ts';

export type RolloutPhase = 'planned' | 'running' | 'paused' | 'rolled-back' | 'completed';

export type Effect =
  /** Moved, and not yet read back. */
  | { readonly state: 'pending' }
  | { readonly state: 'in-force' }
  | {
      readonly state: 'drifted';
      readonly percent: number | null;
      readonly enabled: boolean;
      readonly problems: readonly string[];
    }
  /** The flag server refuses or is away; it is tried again. `wasInForce`: what is wanted had been read back before. */
  | {
      readonly state: 'failing';
      readonly code: string;
      readonly message: string;
      readonly wasInForce: boolean;
    };

export type Rollout = {
  readonly flag: string;
  readonly plan: RolloutPlan;
  readonly phase: RolloutPhase;
  /** What is wanted. */
  readonly percent: number;
  readonly stage: Mover & { readonly enteredAt: string };
  readonly attempt: number;
  readonly autopilot: boolean;
  /** Moves so far: who moves says which he has seen. */
  readonly moves: number;
  readonly effect: Effect;
  /** The tests that have spoken in this attempt. */
  readonly breached: readonly (GuardrailName | 'sampleRatio')[];
};

export function evolveRollout(rollout: Rollout | null, event: RolloutEvent): Rollout | null {
  if (event.type === 'RolloutPlanned') {
    if (rollout !== null) return rollout;
    const { flag, plan, at, by, actor, reason } = event.data;
    return {
      flag,
      plan,
      phase: 'planned',
      percent: 0,
      stage: { enteredAt: at, by, actor, reason },
      attempt: 1,
      autopilot: false,
      moves: 0,
      effect: { state: 'pending' },
      breached: [],
    };
  }
  if (rollout === null) return null;
  switch (event.type) {
    case 'StageEntered': {
      const { percent, attempt, at, by, actor, reason } = event.data;
      return {
        ...moved(rollout),
        phase: rollout.phase === 'paused' ? 'paused' : 'running',
        percent,
        stage: { enteredAt: at, by, actor, reason },
        attempt,
        effect: { state: 'pending' },
        breached: attempt === rollout.attempt ? rollout.breached : [],
      };
    }
    case 'RolloutPaused':
      return { ...moved(rollout), phase: 'paused' };
    case 'RolloutResumed':
      return { ...moved(rollout), phase: 'running' };
    case 'AutopilotSet':
      return { ...moved(rollout), autopilot: event.data.enabled };
    case 'RolledBack': {
      const { at, by, actor, reason } = event.data;
      return {
        ...moved(rollout),
        phase: 'rolled-back',
        percent: 0,
        stage: { enteredAt: at, by, actor, reason },
        // Nothing goes up again by itself.
        autopilot: false,
        effect: { state: 'pending' },
      };
    }
    case 'RolloutCompleted':
      return { ...moved(rollout), phase: 'completed', autopilot: false };
    case 'GuardrailBreached':
      return { ...rollout, breached: [...rollout.breached, event.data.metric] };
    case 'SampleRatioMismatchDetected':
      return { ...rollout, breached: [...rollout.breached, 'sampleRatio'] };
    case 'FlagSynced':
      return { ...rollout, effect: { state: 'in-force' } };
    case 'FlagSyncFailed': {
      const { code, message } = event.data;
      const { effect } = rollout;
      const wasInForce =
        effect.state === 'in-force' ||
        effect.state === 'drifted' ||
        (effect.state === 'failing' && effect.wasInForce);
      return { ...rollout, effect: { state: 'failing', code, message, wasInForce } };
    }
    case 'FlagDriftDetected': {
      const { actualPercent: percent, enabled, problems } = event.data;
      return { ...rollout, effect: { state: 'drifted', percent, enabled, problems } };
    }
    default:
      return event satisfies never;
  }
}

export function foldRollout(events: readonly RolloutEvent[]): Rollout | null {
  return events.reduce<Rollout | null>(evolveRollout, null);
}

function moved(rollout: Rollout): Rollout {
  return { ...rollout, moves: rollout.moves + 1 };
}
