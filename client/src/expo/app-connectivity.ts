/**
 * Whether there is a network: from `expo-network` where the app has it, else always yes. The return to the foreground is
 * told as coming online too: the system suspends timers and connections in the background, so what has failed there is
 * tried again at once instead of at the end of its wait.
 */
import type { Connectivity } from '../upload/ports.ts';
import type { AppStateModule, NetworkModules, NetworkState } from './expo-modules.ts';

export function createAppConnectivity(appState: AppStateModule, network?: NetworkModules): Connectivity {
  let online = true;
  const listeners = new Set<(online: boolean) => void>();

  function tell(next: boolean): void {
    online = next;
    for (const listener of [...listeners]) listener(online);
  }
  function heard(state: NetworkState): void {
    const next = isOnline(state);
    if (next !== online) tell(next);
  }
  const ask = () => network?.getNetworkStateAsync().then(heard, () => undefined);

  // For as long as the app lives, like the manager it is made for.
  network?.addNetworkStateListener(heard);
  void ask();
  let active = appState.currentState === 'active';
  appState.addEventListener('change', (state) => {
    const wasActive = active;
    active = state === 'active';
    if (!active || wasActive) return;
    if (network === undefined) tell(true);
    else void ask()?.then(() => (online ? tell(true) : undefined));
  });

  return {
    get online() {
      return online;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}

/**
 * Only what is surely no network counts: `isInternetReachable` is false on Android for networks without Google, where
 * the server may well be reached.
 */
function isOnline({ isConnected }: NetworkState): boolean {
  return isConnected !== false;
}
