/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, render, renderHook, screen } from '@testing-library/react';
import { I18nextProvider } from 'react-i18next';
import { AccessibilityInfo } from 'react-native';
import { createVoiceI18n } from './i18n.ts';
import { ProgressBar } from './ProgressBar.tsx';
import { settle } from './testing/render-voice.tsx';
import { useReducedMotion } from './use-reduced-motion.ts';

afterEach(() => {
  cleanup();
  jest.restoreAllMocks();
});

/** A device with this setting; `change` moves its switch. */
function device(reduced: boolean) {
  const handlers = new Set<(reduced: boolean) => void>();
  jest.spyOn(AccessibilityInfo, 'isReduceMotionEnabled').mockResolvedValue(reduced);
  jest.spyOn(AccessibilityInfo, 'addEventListener').mockImplementation(((
    _name: string,
    handler: (reduced: boolean) => void,
  ) => {
    handlers.add(handler);
    return { remove: () => handlers.delete(handler) };
  }) as never);
  return {
    listeners: () => handlers.size,
    change: (to: boolean) => {
      for (const handler of handlers) handler(to);
    },
  };
}

describe('reduced motion', () => {
  it('is assumed until the device has said otherwise', async () => {
    device(false);
    const { result } = renderHook(useReducedMotion);
    expect(result.current).toBe(true);
    await settle();
    expect(result.current).toBe(false);
  });

  it('follows the switch, for all who ask, with one subscription that ends with the last of them', async () => {
    const { change, listeners } = device(false);
    const one = renderHook(useReducedMotion);
    const other = renderHook(useReducedMotion);
    await settle();
    expect(listeners()).toBe(1);
    one.unmount();
    act(() => change(true));
    expect(other.result.current).toBe(true);
    other.unmount();
    expect(listeners()).toBe(0);
  });

  it('is asked anew by the next', async () => {
    device(true);
    const first = renderHook(useReducedMotion);
    await settle();
    expect(first.result.current).toBe(true);
    first.unmount();
    device(false);
    const second = renderHook(useReducedMotion);
    await settle();
    expect(second.result.current).toBe(false);
  });
});

describe('the bar', () => {
  const i18n = createVoiceI18n('en');
  const bar = (progress: number, reducedMotion: boolean) => (
    <I18nextProvider i18n={i18n}>
      <ProgressBar progress={progress} moving={false} reducedMotion={reducedMotion} caption="" />
    </I18nextProvider>
  );
  const width = () =>
    Number.parseFloat((screen.getByRole('progressbar').firstElementChild as HTMLElement).style.width);

  it('steps with reduced motion, and asks for no frame', () => {
    const frames = jest.spyOn(globalThis, 'requestAnimationFrame');
    const { rerender } = render(bar(0.2, true));
    rerender(bar(0.6, true));
    expect(width()).toBe(60);
    expect(frames).not.toHaveBeenCalled();
  });

  it('else eases there frame by frame, saying where it goes at once, and asks for no frame when it is there', () => {
    const waiting: FrameRequestCallback[] = [];
    jest.spyOn(globalThis, 'requestAnimationFrame').mockImplementation((frame) => waiting.push(frame));
    const { rerender } = render(bar(0.2, false));
    expect(waiting).toHaveLength(0);
    rerender(bar(0.6, false));
    expect(width()).toBe(20);
    expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('60');
    const widths = [width()];
    for (let at = 0; waiting.length > 0 && at < 20_000; at += 16) {
      act(() => waiting.shift()?.(at));
      widths.push(width());
    }
    expect(widths).toEqual([...widths].sort((a, b) => a - b));
    expect(widths.filter((value) => value > 20 && value < 60).length).toBeGreaterThan(10);
    expect(width()).toBe(60);
    expect(waiting).toHaveLength(0);
  });
});
