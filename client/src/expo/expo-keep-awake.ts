import type { KeepAwakeModules } from './expo-modules.ts';

/**
 * Holds the screen on, for the `keepAwake` of hook and modal: behind a dark screen Android takes the microphone from an
 * app without a foreground service. A screen that goes dark all the same is no reason not to record.
 */
export function createExpoKeepAwake(keepAwake: KeepAwakeModules): () => { release(): void } {
  let count = 0;
  return () => {
    const tag = `thankly-recording-${count++}`;
    // Released before it was granted, it has to be given back afterwards.
    const granted = keepAwake.activateKeepAwakeAsync(tag).catch(() => undefined);
    let released = false;
    return {
      release() {
        if (released) return;
        released = true;
        void granted.then(() => keepAwake.deactivateKeepAwake(tag)).catch(() => undefined);
      },
    };
  };
}
