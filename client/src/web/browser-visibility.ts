import type { Visibility } from '../upload/ports.ts';

/** Whether the page may be seen: not while its tab is in the background, its window minimised or the screen off. */
export const browserVisibility: Visibility = {
  get visible() {
    return globalThis.document?.visibilityState !== 'hidden';
  },
  subscribe(listener) {
    const { document } = globalThis;
    const changed = () => listener(browserVisibility.visible);
    document?.addEventListener('visibilitychange', changed);
    return () => document?.removeEventListener('visibilitychange', changed);
  },
};
