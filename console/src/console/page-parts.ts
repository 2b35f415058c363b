/** What the page stands on, made once (`main.tsx`). */
import { useSyncExternalStore } from 'react';
import type { ConsoleSignIn } from './console-sign-in.ts';
import type { LiveRollout, LiveState } from './live-rollout.ts';

export type ConsoleParts = {
  readonly flag: string;
  readonly live: LiveRollout;
  readonly signIn: ConsoleSignIn;
};

export function useLive(live: LiveRollout): LiveState {
  return useSyncExternalStore(live.subscribe, () => live.state);
}
