import { useSyncExternalStore } from 'react';

/** One clock for all that says "ago": it ticks once a second while anybody looks at it. */
const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let ticker: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  now = Date.now();
  listeners.add(listener);
  ticker ??= setInterval(() => {
    now = Date.now();
    for (const each of [...listeners]) each();
  }, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
  };
}

/** Milliseconds of this device's clock, to the second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
