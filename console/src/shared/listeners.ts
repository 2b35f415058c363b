/** Those who want to know when a state has changed. */
export type Listeners = {
  /** Until the returned function is called. */
  subscribe(listener: () => void): () => void;
  tell(): void;
};

export function createListeners(): Listeners {
  const listeners = new Set<() => void>();
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    tell() {
      for (const listener of [...listeners]) listener();
    },
  };
}
