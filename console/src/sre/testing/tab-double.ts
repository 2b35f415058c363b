import type { Tab } from '../tab.ts';

export type TabDouble = Tab & { hide(): void; show(): void };

/** A tab that a test can hide and show. */
export function tabDouble(): TabDouble {
  const listeners = new Set<() => void>();
  let isVisible = true;
  return {
    get isVisible() {
      return isVisible;
    },
    onReturn(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    hide() {
      isVisible = false;
    },
    show() {
      isVisible = true;
      for (const listener of [...listeners]) listener();
    },
  };
}
