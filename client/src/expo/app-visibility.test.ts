import { describe, expect, it } from '@jest/globals';
import { createAppVisibility } from './app-visibility.ts';

function app(currentState = 'active') {
  const listeners = new Set<(state: string) => void>();
  return {
    currentState,
    addEventListener: (_: 'change', listener: (state: string) => void) => {
      listeners.add(listener);
      return { remove: () => void listeners.delete(listener) };
    },
    become: (next: string) => {
      for (const listener of listeners) listener(next);
    },
  };
}

describe('an app', () => {
  it('is seen until it is in the background; a call that comes in hides nothing', () => {
    const state = app();
    const visibility = createAppVisibility(state);
    const told: boolean[] = [];
    const end = visibility.subscribe((visible) => told.push(visible));
    for (const next of ['inactive', 'background', 'background', 'active']) state.become(next);
    expect(told).toEqual([false, true]);
    end();
    state.become('background');
    expect([told, visibility.visible]).toEqual([[false, true], false]);
  });

  it('may be started in the background, or not know', () => {
    expect(createAppVisibility(app('background')).visible).toBe(false);
    expect(createAppVisibility(app('unknown')).visible).toBe(true);
  });
});
