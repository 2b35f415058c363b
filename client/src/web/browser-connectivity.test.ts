/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { browserConnectivity } from './browser-connectivity.ts';

afterEach(() => void jest.restoreAllMocks());

describe('connectivity', () => {
  it('is what the browser believes', () => {
    const onLine = jest.spyOn(navigator, 'onLine', 'get');
    onLine.mockReturnValue(false);
    expect(browserConnectivity.online).toBe(false);
    onLine.mockReturnValue(true);
    expect(browserConnectivity.online).toBe(true);
  });

  it('tells each change, until nobody listens', () => {
    const told: boolean[] = [];
    const end = browserConnectivity.subscribe((online) => told.push(online));
    window.dispatchEvent(new Event('offline'));
    window.dispatchEvent(new Event('online'));
    end();
    window.dispatchEvent(new Event('offline'));
    expect(told).toEqual([false, true]);
  });
});
