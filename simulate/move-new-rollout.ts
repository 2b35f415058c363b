import { setTimeout as delay } from 'node:timers/promises';
import { ApiError } from '../client/src/api-error.ts';
import { systemClock } from './clock.ts';
import { moveRollout } from './move-rollout.ts';
import { createRolloutApi } from './rollout-api.ts';

const GIVE_UP_MS = 60_000;
const LOOK_MS = 200;

export type MoveNewRollout = {
  readonly percent: number;
  /** Of the service. */
  readonly url: string;
  /** A release manager's. */
  readonly token: string;
  /** One line for a person who waits. */
  readonly note: (line: string) => void;
};

/**
 * Moves the rollout of a service that has just been started; resolves when the flag server has it.
 * @throws ApiError when it was not planned, or is not in force, in a minute
 */
export async function moveNewRollout({ percent, url, token, note }: MoveNewRollout): Promise<void> {
  const api = createRolloutApi(url, token);
  const giveUpAt = Date.now() + GIVE_UP_MS;
  // The worker that leads plans it as soon as it has heard of the flag.
  while (!(await api.rollout().then(() => true, isNotPlanned)) && Date.now() < giveUpAt) await delay(LOOK_MS);
  await moveRollout(percent, { api, clock: systemClock, note, stop: AbortSignal.timeout(GIVE_UP_MS) });
}

function isNotPlanned(error: unknown): false {
  if (error instanceof ApiError && error.status === 404) return false;
  throw error;
}
