/** A command that the rollout refuses: a value, not an exception. `http/problem.ts` maps each code to a status. */
export const ROLLOUT_REJECTION_CODES = [
  'rollout_not_planned',
  'rollout_moved',
  'rollout_paused',
  'rollout_not_running',
  'already_there',
  'not_paused',
  'not_complete_yet',
  'percent_invalid',
  'reason_missing',
] as const;
export type RolloutRejectionCode = (typeof ROLLOUT_REJECTION_CODES)[number];

export type RolloutRejected = { readonly code: RolloutRejectionCode; readonly message: string };
