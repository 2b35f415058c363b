import { ApiError } from '@thankly/voice-client';
import type { RolloutAnswer } from './api-types.ts';

/** What somebody else made of the rollout, when that is why a move was refused (409 `rollout_moved`). */
export function movedMeanwhile(error: unknown): RolloutAnswer | null {
  if (!(error instanceof ApiError) || error.code !== 'rollout_moved') return null;
  const { rollout } = error.details;
  return typeof rollout === 'object' && rollout !== null ? (rollout as RolloutAnswer) : null;
}
