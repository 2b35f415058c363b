/** A consumer's standing in one word. */
import type { Consumer } from './admin-types.ts';

export type ConsumerState = 'up-to-date' | 'catching-up' | 'behind' | 'parked';

/** A consumer is woken by each append, and polls every few seconds at the latest: more is a lag. */
const CATCHING_UP_SECONDS = 10;
const BEHIND_SECONDS = 60;

/** What is worst comes first: being far behind, streams passed over, a lag that may be gone in a moment. */
export function consumerState({ lagSeconds, parkedStreams }: Consumer): ConsumerState {
  if (lagSeconds >= BEHIND_SECONDS) return 'behind';
  if (parkedStreams > 0) return 'parked';
  return lagSeconds >= CATCHING_UP_SECONDS ? 'catching-up' : 'up-to-date';
}
