/** Moves the rollout to a percentage, and waits until the flag server has it. */
import { ApiError } from '../client/src/api-error.ts';
import type { Clock } from './clock.ts';
import type { RolloutApi } from './rollout-api.ts';
import type { Rollout } from './rollout-documents.ts';

const LOOK_MS = 250;
const IN_FORCE_MS = 60_000;
const REASON = 'simulated traffic';

export type MoveParts = {
  readonly api: RolloutApi;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  readonly note: (line: string) => void;
};

/**
 * Answers with the rollout in force, or as it stands when it was rolled back or `stop` came meanwhile.
 * @throws ApiError 409 when somebody else moved it, `not_in_force` when the flag server did not follow in a minute
 */
export async function moveRollout(percent: number, parts: MoveParts): Promise<Rollout> {
  const { api, note } = parts;
  const before = await api.rollout();
  if (before.percent === percent && before.effect.state !== 'drifted') {
    note(`the rollout stands at ${percent} % (${before.state})`);
    return inForce(before, parts);
  }
  const moved = await api.move(percent, REASON, before.moves);
  note(`moved the rollout from ${before.percent} % to ${percent} %`);
  return inForce(moved, parts);
}

/** @throws ApiError */
export async function switchAutopilotOn({ api, note }: Pick<MoveParts, 'api' | 'note'>): Promise<void> {
  if ((await api.rollout()).autopilot.enabled) return;
  await api.switchAutopilotOn(REASON);
  note('switched the autopilot on');
}

async function inForce(wanted: Rollout, { api, clock, stop }: MoveParts): Promise<Rollout> {
  const deadline = clock.now() + IN_FORCE_MS;
  for (let rollout = wanted; ; rollout = await api.rollout()) {
    const { effect, percent } = rollout;
    if (percent !== wanted.percent || stop.aborted) return rollout;
    if (effect.state === 'in-force' && effect.percent === percent) return rollout;
    if (clock.now() > deadline) {
      const why = effect.error === null ? '' : `: ${effect.error.message}`;
      throw new ApiError(
        0,
        'not_in_force',
        `the flag server did not follow to ${percent} % in a minute${why}`,
      );
    }
    await clock.sleep(LOOK_MS, stop);
  }
}
