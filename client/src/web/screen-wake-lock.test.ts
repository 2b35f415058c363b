/** @jest-environment jsdom */
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { holdScreen } from './screen-wake-lock.ts';

class Sentinel {
  released = false;
  async release() {
    this.released = true;
  }
}

let held: Sentinel[];
const request = jest.fn(async () => {
  const sentinel = new Sentinel();
  held.push(sentinel);
  return sentinel;
});
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

function show(state: 'visible' | 'hidden') {
  jest.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
  if (state === 'hidden') for (const sentinel of held) sentinel.released = true; // as browsers do
  document.dispatchEvent(new Event('visibilitychange'));
}

beforeEach(() => {
  held = [];
  request.mockClear();
  Object.defineProperty(navigator, 'wakeLock', { value: { request }, configurable: true });
  show('visible');
});
afterEach(() => {
  Reflect.deleteProperty(navigator, 'wakeLock');
  jest.restoreAllMocks();
});

describe('the screen', () => {
  it('is held until it is released', async () => {
    const screen = holdScreen();
    await settled();
    expect(held.map(({ released }) => released)).toEqual([false]);
    screen.release();
    expect(held.map(({ released }) => released)).toEqual([true]);
  });

  it('is held again when the page is back', async () => {
    const screen = holdScreen();
    await settled();
    show('hidden');
    show('visible');
    show('visible');
    await settled();
    expect(held.map(({ released }) => released)).toEqual([true, false]);
    screen.release();
    show('hidden');
    show('visible');
    await settled();
    expect(request).toHaveBeenCalledTimes(2);
  });

  it('is not held when it was released before the browser answered', async () => {
    holdScreen().release();
    await settled();
    expect(held.map(({ released }) => released)).toEqual([true]);
  });

  it('is left alone where it cannot be held', async () => {
    request.mockRejectedValueOnce(new DOMException('low battery', 'NotAllowedError'));
    holdScreen().release();
    Reflect.deleteProperty(navigator, 'wakeLock');
    holdScreen().release();
    await settled();
    expect(held).toEqual([]);
  });
});
