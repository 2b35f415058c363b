/**
 * Makes the flag in Unleash what `definition.ts` says. It looks, does what is to be done, and looks again, until nothing
 * differs: so a crash in between leaves work for the next sync and nothing else, and what it returns was read back. A
 * flag is turned on last, when all else is right.
 */
import { FlagServerError } from '../flag-control.ts';
import type { AdminApi } from './admin-api.ts';
import { FIRST_PERCENT } from './definition.ts';
import { type Change, difference } from './difference.ts';
import type { Found } from './found-flag.ts';

export type SyncOptions = {
  readonly environment: string;
  /** Set the rollout to it; default: it stays where it is. */
  readonly percent?: number;
  /** Where the rollout begins when it is not there; default: the plan's first stage. */
  readonly percentWhenNew?: number;
  /**
   * False: what somebody has switched off in Unleash (the flag archived or off, the rollout's strategy off or removed)
   * stays off. For syncs that nobody asked for, as at start-up. A flag that was never there is made and turned on.
   */
  readonly turnOn?: boolean;
};

export type Synced = {
  /** What was done. */
  readonly changes: readonly Change[];
  /** What was left because `turnOn` is false. */
  readonly left: readonly Change[];
  readonly found: Found;
};

/** Making, filling, turning on, and a look at the end. */
const ROUNDS = 6;

/** @throws FlagServerError */
export async function syncFlag(api: AdminApi, options: SyncOptions): Promise<Synced> {
  const { environment, percent = null, percentWhenNew = FIRST_PERCENT } = options;
  let turnOn = options.turnOn ?? true;
  const done: Change[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const found = await api.find();
    const changes = difference({ environment, percent, percentWhenNew }, found);
    const due = changes.filter((change) => turnOn || !change.turnsOn);
    if (due.length === 0) return { changes: done, left: changes, found };
    for (const change of due) {
      if (change.step === null) continue;
      await api.apply(change.step);
      done.push(change);
      if (change.step.type === 'create-flag') turnOn = true;
    }
  }
  const words = done.at(-1)?.words ?? 'nothing could be done';
  throw new FlagServerError('rejected', `Unleash does not keep what it is told (${words})`);
}
