/** What the pages stand on, made once (`main.tsx`). */
import { useSyncExternalStore } from 'react';
import type { SreParts } from '../sre/sre-parts.ts';
import type { ConsoleSignIn } from './console-sign-in.ts';
import type { LiveRollout, LiveState } from './live-rollout.ts';
import type { Navigation } from './navigation.ts';

export type ConsoleParts = {
  readonly flag: string;
  readonly live: LiveRollout;
  readonly signIn: ConsoleSignIn;
  readonly navigation: Navigation;
  readonly sre: SreParts;
};

export function useLive(live: LiveRollout): LiveState {
  return useSyncExternalStore(live.subscribe, () => live.state);
}
