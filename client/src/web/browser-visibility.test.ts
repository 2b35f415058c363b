/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { browserVisibility } from './browser-visibility.ts';

afterEach(() => void jest.restoreAllMocks());

const look = () => jest.spyOn(document, 'visibilityState', 'get');

describe('visibility', () => {
  it('is what the browser says of the page', () => {
    const state = look().mockReturnValue('hidden');
    expect(browserVisibility.visible).toBe(false);
    state.mockReturnValue('visible');
    expect(browserVisibility.visible).toBe(true);
  });

  it('tells each change, until nobody listens', () => {
    const told: boolean[] = [];
    const state = look();
    const becomes = (next: DocumentVisibilityState) => {
      state.mockReturnValue(next);
      document.dispatchEvent(new Event('visibilitychange'));
    };
    const end = browserVisibility.subscribe((visible) => told.push(visible));
    becomes('hidden');
    becomes('visible');
    end();
    becomes('hidden');
    expect(told).toEqual([false, true]);
  });
});
