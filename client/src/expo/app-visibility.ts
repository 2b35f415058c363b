import type { Visibility } from '../upload/ports.ts';
import type { AppStateModule } from './expo-modules.ts';

/** Whether the app is in front. `inactive` (iOS: a call comes in, the app switcher is open) still counts as seen. */
export function createAppVisibility(appState: AppStateModule): Visibility {
  let visible = appState.currentState !== 'background';
  const listeners = new Set<(visible: boolean) => void>();
  // For as long as the app lives, like the manager it is made for.
  appState.addEventListener('change', (state) => {
    const next = state !== 'background';
    if (next === visible) return;
    visible = next;
    for (const listener of [...listeners]) listener(visible);
  });
  return {
    get visible() {
      return visible;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
