/**
 * Decides what a command does to a rollout: pure, total, no clock, no I/O. People may do whatever makes the rollout
 * smaller at any time; what makes it larger needs it to be running. Every move has a reason.
 */
import type {
  EnterStage,
  Move,
  ReportBreach,
  ReportEffect,
  ReportSyncFailure,
  RolloutCommand,
} from './commands.ts';
import type { Mover, RolloutEvent } from './events.ts';
import type { RolloutRejected, RolloutRejectionCode } from './rejected.ts';
import type { Rollout } from './rollout.ts';

export type RolloutDecision = {
  readonly events: readonly RolloutEvent[];
  readonly rejected?: RolloutRejected;
};

const nothing: RolloutDecision = { events: [] };
const refuse = (code: RolloutRejectionCode, message: string): RolloutDecision => ({
  events: [],
  rejected: { code, message },
});

export function decideRollout(rollout: Rollout | null, command: RolloutCommand): RolloutDecision {
  if (command.type === 'PlanRollout') {
    if (rollout !== null) return nothing;
    const { now: at, flag, plan, percent } = command;
    const mover = moverOf(command);
    const planned: RolloutEvent = { type: 'RolloutPlanned', data: { at, flag, plan, ...mover } };
    if (percent === 0) return { events: [planned] };
    return {
      events: [planned, { type: 'StageEntered', data: { at, percent, attempt: 1, skipped: [], ...mover } }],
    };
  }
  if (rollout === null) return refuse('rollout_not_planned', 'there is no rollout of this flag yet');
  switch (command.type) {
    case 'ReportBreach':
      return reportBreach(rollout, command);
    case 'ReportEffect':
      return reportEffect(rollout, command);
    case 'ReportSyncFailure':
      return reportSyncFailure(rollout, command);
    default:
      return move(rollout, command);
  }
}

function move(rollout: Rollout, command: Move): RolloutDecision {
  const mover = moverOf(command);
  if (mover.reason.trim() === '') return refuse('reason_missing', 'say why');
  const at = command.now;
  switch (command.type) {
    case 'EnterStage':
      return command.percent === 0 ? rollBack(rollout, at, mover) : enterStage(rollout, command, mover);
    case 'RollBack':
      return rollBack(rollout, at, mover);
    case 'Pause':
      if (rollout.phase === 'paused') return nothing;
      if (rollout.phase !== 'running') return notRunning(rollout);
      return { events: [{ type: 'RolloutPaused', data: { at, ...mover } }] };
    case 'Resume':
      if (rollout.phase === 'running') return nothing;
      if (rollout.phase !== 'paused') return refuse('not_paused', `the rollout is ${rollout.phase}`);
      return { events: [{ type: 'RolloutResumed', data: { at, ...mover } }] };
    case 'Complete':
      if (rollout.phase === 'completed') return nothing;
      if (rollout.phase !== 'running') return notRunning(rollout);
      if (rollout.percent !== 100)
        return refuse('not_complete_yet', `it stands at ${rollout.percent} %: enter 100 % first`);
      return { events: [{ type: 'RolloutCompleted', data: { at, ...mover } }] };
    case 'SetAutopilot':
      if (rollout.autopilot === command.enabled) return nothing;
      // It may be switched on while paused: it then waits for the rollout to be resumed.
      if (command.enabled && rollout.phase !== 'running' && rollout.phase !== 'paused')
        return notRunning(rollout);
      return { events: [{ type: 'AutopilotSet', data: { at, enabled: command.enabled, ...mover } }] };
    default:
      return command satisfies never;
  }
}

function enterStage(rollout: Rollout, { percent, now: at }: EnterStage, mover: Mover): RolloutDecision {
  if (!Number.isInteger(percent) || percent < 0 || percent > 100)
    return refuse('percent_invalid', 'a whole number from 0 to 100');
  // Entering the same stage again puts a flag back that somebody moved by hand.
  const same = percent === rollout.percent;
  if (same && rollout.effect.state !== 'drifted')
    return refuse('already_there', `the rollout stands at ${percent} % already`);
  if (rollout.phase === 'paused' && percent > rollout.percent)
    return refuse('rollout_paused', 'the rollout is paused: resume it first');
  const skipped = rollout.plan.stages
    .map((stage) => stage.percent)
    .filter((stage) => stage > rollout.percent && stage < percent);
  const attempt = rollout.phase === 'rolled-back' ? rollout.attempt + 1 : rollout.attempt;
  return { events: [{ type: 'StageEntered', data: { at, percent, attempt, skipped, ...mover } }] };
}

function rollBack(rollout: Rollout, at: string, mover: Mover): RolloutDecision {
  if (rollout.percent === 0) {
    // Somebody may have moved the flag up by hand: rolling back once more takes it down.
    if (rollout.effect.state !== 'drifted')
      return refuse('already_there', 'the rollout stands at 0 % already');
  }
  return { events: [{ type: 'RolledBack', data: { at, fromPercent: rollout.percent, ...mover } }] };
}

function notRunning(rollout: Rollout): RolloutDecision {
  return refuse('rollout_not_running', `the rollout is ${rollout.phase}`);
}

/** Each test speaks once in an attempt. */
function reportBreach(
  rollout: Rollout,
  { metric, attempt, evidence, now: at }: ReportBreach,
): RolloutDecision {
  if (attempt !== rollout.attempt || rollout.breached.includes(metric)) return nothing;
  if (metric === 'sampleRatio')
    return { events: [{ type: 'SampleRatioMismatchDetected', data: { at, attempt, evidence } }] };
  return { events: [{ type: 'GuardrailBreached', data: { at, metric, attempt, evidence } }] };
}

/**
 * What was read either is what is wanted, or somebody moved it. While a move is still to be written, only the reading
 * after the writing says anything.
 */
function reportEffect(rollout: Rollout, command: ReportEffect): RolloutDecision {
  const { now: at, moves, percent, enabled, problems, written } = command;
  if (moves !== rollout.moves) return nothing;
  const { effect } = rollout;
  if (percent === rollout.percent && enabled && problems.length === 0) {
    if (effect.state === 'in-force') return nothing;
    return { events: [{ type: 'FlagSynced', data: { at, percent } }] };
  }
  if (!written && (effect.state === 'pending' || (effect.state === 'failing' && !effect.wasInForce)))
    return nothing;
  const known =
    effect.state === 'drifted' &&
    effect.percent === percent &&
    effect.enabled === enabled &&
    effect.problems.join() === problems.join();
  if (known) return nothing;
  return {
    events: [
      {
        type: 'FlagDriftDetected',
        data: { at, expectedPercent: rollout.percent, actualPercent: percent, enabled, problems },
      },
    ],
  };
}

/** An hour without the flag server is one event, not thousands. */
function reportSyncFailure(rollout: Rollout, { now: at, code, message }: ReportSyncFailure): RolloutDecision {
  if (rollout.effect.state === 'failing' && rollout.effect.code === code) return nothing;
  return { events: [{ type: 'FlagSyncFailed', data: { at, percent: rollout.percent, code, message } }] };
}

function moverOf({ by, actor, reason }: Mover): Mover {
  return { by, actor, reason };
}
