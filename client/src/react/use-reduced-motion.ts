/**
 * Whether the person wants less motion. One subscription for all who ask: react-native-web keeps its listeners by their
 * source text, so that two of the same function would remove each other's. Until the answer is known nothing moves.
 */
import { useSyncExternalStore } from 'react';
import { AccessibilityInfo } from 'react-native';

type Asked = { reduced: boolean; end: () => void };

const listeners = /* @__PURE__ */ new Set<() => void>();
let asked: Asked | null = null;

export function useReducedMotion(): boolean {
  return useSyncExternalStore(subscribe, isReduced, isReduced);
}

function isReduced(): boolean {
  return asked?.reduced ?? true;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  asked ??= ask();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    asked?.end();
    asked = null;
  };
}

function ask(): Asked {
  const mine: Asked = { reduced: true, end: () => {} };
  const tell = (reduced: boolean) => {
    if (mine !== asked || mine.reduced === reduced) return;
    mine.reduced = reduced;
    for (const listener of listeners) listener();
  };
  const subscription = AccessibilityInfo.addEventListener('reduceMotionChanged', tell);
  // react-native-web gives none where there are no media queries.
  mine.end = () => subscription?.remove();
  AccessibilityInfo.isReduceMotionEnabled().then(tell, () => {});
  return mine;
}
