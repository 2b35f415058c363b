/**
 * The conductor of one flag: brings what is wanted into force, notices when somebody moved the flag by hand, reports
 * tests that have spoken, and does what the autopilot advises. One node conducts at a time.
 *
 *   waiting ──lead won──▶ conducting: once a second, and at once when the rollout was moved on this node
 *                            │ evidence ─▶ breach reported ─▶ autopilot (when it is on) moves
 *                            │ moved, not yet read back ─▶ written and read back ─▶ FlagSynced
 *                            │ in force ─▶ read every two seconds ─▶ FlagDriftDetected when it differs
 *                            └─lead lost──▶ waiting
 *
 * A crash at any point loses nothing: the next node folds the rollout and goes on. Writing twice is harmless, it sets the
 * same percentage. A flag server that refuses or is away is asked again, less and less often, at least every ten seconds.
 */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type FlagControl,
  type FlagEffect,
  type FlagProblem,
  FlagServerError,
} from '../../flags/flag-control.ts';
import type { ConsumerStore, Lead } from '../eventlog/consumer-store.ts';
import type { Move, RolloutCommand } from '../rollout/commands.ts';
import { evidenceOf } from '../rollout/evidence.ts';
import type { RolloutPlan } from '../rollout/plan.ts';
import { type Advice, advise, type TestName } from '../rollout/policy.ts';
import type { Rollout } from '../rollout/rollout.ts';
import type { Experiments } from './experiments.ts';
import type { FlagChecks } from './flag-checks.ts';
import type { Rollouts } from './rollouts.ts';

export type ConductorParts = {
  readonly flag: string;
  readonly plan: RolloutPlan;
  readonly rollouts: Rollouts;
  readonly experiments: Experiments;
  readonly control: FlagControl;
  readonly checks: FlagChecks;
  readonly store: Pick<ConsumerStore, 'lead'>;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly newId: () => string;
  readonly onError: (error: unknown, what: string) => void;
};

export interface Conductor {
  /** The rollout was moved on this node: look at once. */
  wake(): void;
  stop(): Promise<void>;
}

const TICK_MS = 1_000;
const READ_EVERY_MS = 2_000;
const LONGEST_BACKOFF_MS = 10_000;
const LEAD_AGAIN_MS = 1_000;

export function startConductor(parts: ConductorParts): Conductor {
  const stopped = new AbortController();
  const bell = createBell();
  const running = lead(parts, bell, stopped.signal);
  return {
    wake: bell.ring,
    async stop() {
      stopped.abort();
      bell.ring();
      await running;
    },
  };
}

async function lead(parts: ConductorParts, bell: Bell, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let held: Lead | null = null;
    try {
      held = await parts.store.lead(`conductor-${parts.flag}`, signal);
      if (held !== null) await conduct(parts, bell, AbortSignal.any([signal, held.lost]));
    } catch (error) {
      if (!signal.aborted) parts.onError(error, `the conductor of ${parts.flag} could not lead`);
    } finally {
      await held?.release().catch(() => undefined);
    }
    await delay(LEAD_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function conduct(parts: ConductorParts, bell: Bell, signal: AbortSignal): Promise<void> {
  const flagServer = createFlagServer(parts);
  while (!signal.aborted) {
    try {
      const rollout = await begun(parts, flagServer);
      if (rollout !== null) await flagServer.follow(await obeyEvidence(parts, rollout));
    } catch (error) {
      parts.onError(error, `the conductor of ${parts.flag}`);
    }
    await bell.rungWithin(TICK_MS);
  }
}

/** The rollout; planned now when it never was, standing where the flag stands. */
async function begun(parts: ConductorParts, flagServer: FlagServer): Promise<Rollout | null> {
  const { rollout } = await parts.rollouts.load(parts.flag);
  if (rollout !== null) return rollout;
  const effect = await flagServer.first();
  if (effect === null) return null;
  const planned = await execute(parts, {
    type: 'PlanRollout',
    now: parts.now(),
    flag: parts.flag,
    plan: parts.plan,
    percent: effect.enabled ? (effect.percent ?? 0) : 0,
    by: 'system',
    actor: 'system:start',
    reason: 'the first start: the rollout stands where the flag stands',
  });
  return planned;
}

async function obeyEvidence(parts: ConductorParts, before: Rollout): Promise<Rollout> {
  const { flag, experiments, now } = parts;
  let rollout = before;
  const view = await experiments.read(flag);
  const evidence = view === null ? null : evidenceOf(view, rollout);
  if (evidence !== null && evidence.attempt === rollout.attempt) {
    for (const [metric, breach] of Object.entries(evidence.breaches)) {
      if (rollout.breached.includes(metric as TestName)) continue;
      const { attempt } = evidence;
      rollout =
        (await execute(parts, {
          type: 'ReportBreach',
          metric: metric as TestName,
          attempt,
          evidence: breach,
          now: now(),
        })) ?? rollout;
    }
  }
  if (!rollout.autopilot) return rollout;
  const move = moveOf(advise(rollout, evidence, now()), now());
  return move === null ? rollout : ((await execute(parts, move, rollout.moves)) ?? rollout);
}

function moveOf({ decision, percent = 0, reasons }: Advice, now: string): Move | null {
  const mover = { now, by: 'autopilot', actor: 'system:autopilot', reason: reasons.join('; ') } as const;
  switch (decision) {
    case 'hold':
      return null;
    case 'advance':
      return { type: 'EnterStage', percent, ...mover };
    case 'complete':
      return { type: 'Complete', ...mover };
    case 'pause':
      return { type: 'Pause', ...mover };
    case 'roll-back':
      return { type: 'RollBack', ...mover };
    default:
      return decision satisfies never;
  }
}

async function execute(
  { rollouts, flag, newId }: ConductorParts,
  command: RolloutCommand,
  seenMoves?: number,
): Promise<Rollout | null> {
  const actor = 'actor' in command ? command.actor : 'system:conductor';
  const { rollout } = await rollouts.execute(flag, command, { correlationId: newId(), actor }, seenMoves);
  return rollout;
}

type FlagServer = {
  /** Where the flag stands before there is a rollout; null when it cannot be said now. */
  first(): Promise<FlagEffect | null>;
  /** Writes what is wanted, or looks whether it still is. */
  follow(rollout: Rollout): Promise<void>;
};

function createFlagServer(parts: ConductorParts): FlagServer {
  const { control, checks, flag, now, onError } = parts;
  let nextAt = 0;
  let failures = 0;
  let movesSeen = -1;

  async function ask(call: () => Promise<FlagEffect>): Promise<FlagEffect | FlagServerError> {
    try {
      const effect = await call();
      failures = 0;
      nextAt = performance.now() + READ_EVERY_MS;
      await checks.save(flag, { ...effect, checkedAt: now() });
      return effect;
    } catch (error) {
      if (!(error instanceof FlagServerError)) throw error;
      nextAt = performance.now() + Math.min(TICK_MS * 2 ** failures, LONGEST_BACKOFF_MS);
      failures = Math.min(failures + 1, 10);
      return error;
    }
  }

  return {
    async first() {
      if (performance.now() < nextAt) return null;
      const effect = await ask(() => control.read());
      if (!(effect instanceof FlagServerError)) return effect;
      onError(effect, `the flag ${flag} cannot be read`);
      return null;
    },
    async follow(rollout) {
      // A new move is not kept waiting by what failed before it.
      if (rollout.moves !== movesSeen) nextAt = 0;
      movesSeen = rollout.moves;
      if (performance.now() < nextAt) return;
      const { effect, percent, moves } = rollout;
      const written = effect.state === 'pending' || (effect.state === 'failing' && !effect.wasInForce);
      const found = await ask(() => (written ? control.write(percent) : control.read()));
      const command: RolloutCommand =
        found instanceof FlagServerError
          ? { type: 'ReportSyncFailure', now: now(), code: found.code, message: found.message }
          : {
              type: 'ReportEffect',
              now: now(),
              moves,
              written,
              ...found,
              problems: found.problems.filter(isDrift),
            };
      await execute(parts, command);
    },
  };
}

/** Settings that somebody has tuned in the flag server, within bounds, are his to tune. */
function isDrift(problem: FlagProblem): boolean {
  return problem !== 'payload_changed';
}

type Bell = { ring(): void; rungWithin(ms: number): Promise<void> };

/** Rung while nobody waits, it is remembered. */
function createBell(): Bell {
  let rung = false;
  let wake: () => void = () => undefined;
  return {
    ring() {
      rung = true;
      wake();
    },
    async rungWithin(ms) {
      if (!rung) {
        const timeout = new AbortController();
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await Promise.race([woken, delay(ms, undefined, { signal: timeout.signal }).catch(() => undefined)]);
        timeout.abort();
      }
      rung = false;
    },
  };
}
