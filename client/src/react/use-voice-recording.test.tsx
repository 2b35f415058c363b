/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, renderHook } from '@testing-library/react';
import { StrictMode } from 'react';
import { settle } from './testing/render-voice.tsx';
import { STATES, scriptedManager } from './testing/scripted-manager.ts';
import { useElapsedSeconds, useMeter } from './use-meter.ts';
import { useVoiceRecording } from './use-voice-recording.ts';

afterEach(cleanup);

describe('useVoiceRecording', () => {
  it('opens the manager once, however many use it and however often they are drawn', async () => {
    const manager = scriptedManager();
    renderHook(() => useVoiceRecording(manager), { wrapper: StrictMode });
    renderHook(() => useVoiceRecording(manager));
    await settle();
    expect(manager.calls.filter((call) => call === 'open')).toEqual(['open']);
  });

  it('checks before anybody talks, and again before the next recording', async () => {
    const manager = scriptedManager();
    manager.warn('store-may-be-evicted');
    const { result } = renderHook(() => useVoiceRecording(manager));
    await settle();
    expect(result.current.warning).toBe('store-may-be-evicted');
    manager.warn('store-full');
    act(() => manager.show(STATES.ready));
    act(() => manager.show(STATES.idle));
    await settle();
    expect(result.current.warning).toBe('store-full');
  });

  it('gives the state and the recordings as they are, and hands on what is asked', async () => {
    const manager = scriptedManager();
    const { result } = renderHook(() => useVoiceRecording(manager));
    act(() => manager.show(STATES.recording));
    expect(result.current.state).toBe(STATES.recording);
    expect(result.current.recordings).toBe(manager.recordings);
    const { start, pause, resume, stop, cancel, retry, discard, dismiss } = result.current;
    await act(async () => {
      pause();
      resume();
      dismiss();
      await Promise.all([start(), stop(), cancel(), retry('r-1'), discard('r-2')]);
    });
    expect(manager.calls.slice(2)).toEqual([
      'pause',
      'resume',
      'dismiss',
      'start',
      'stop',
      'cancel',
      'retry r-1',
      'discard r-2',
    ]);
  });

  it('counts a progress that never goes back, and begins anew with another recording', async () => {
    const manager = scriptedManager(STATES.processing);
    const { result } = renderHook(() => useVoiceRecording(manager));
    await settle();
    expect(result.current.progress).toBeCloseTo(0.55, 10);
    act(() => manager.show(STATES.sending));
    expect(result.current.progress).toBeCloseTo(0.55, 10);
    act(() => manager.show(STATES.ready));
    expect(result.current.progress).toBe(1);
    act(() => manager.show({ ...STATES.recording, recordingId: 'r-2' }));
    expect(result.current.progress).toBe(0);
  });

  it('holds the screen on while recording, and lets it go at a pause, at stop and when it goes away', async () => {
    const manager = scriptedManager();
    const release = jest.fn();
    const keepAwake = jest.fn(() => ({ release }));
    const counts = () => [keepAwake.mock.calls.length, release.mock.calls.length];
    const { unmount } = renderHook(() => useVoiceRecording(manager, { keepAwake: () => keepAwake() }));
    await settle();
    expect(counts()).toEqual([0, 0]);
    act(() => manager.show(STATES.recording));
    act(() => manager.show({ ...STATES.recording, transcript: 'more' }));
    expect(counts()).toEqual([1, 0]);
    act(() => manager.show(STATES.paused));
    expect(counts()).toEqual([1, 1]);
    act(() => manager.show(STATES.recording));
    unmount();
    expect(counts()).toEqual([2, 2]);
  });
});

describe('the meter', () => {
  it('gives level and time, without drawing anything else', () => {
    const manager = scriptedManager(STATES.recording);
    const drawn = jest.fn();
    const { result } = renderHook(() => useMeter(manager));
    renderHook(() => drawn(useVoiceRecording(manager)));
    const before = drawn.mock.calls.length;
    act(() => manager.hear({ level: -12, elapsedMs: 1_234 }));
    expect(result.current).toEqual({ level: -12, elapsedMs: 1_234 });
    expect(drawn.mock.calls.length).toBe(before);
  });

  it('draws the time once a second', () => {
    const manager = scriptedManager(STATES.recording);
    let drawn = 0;
    renderHook(() => {
      drawn += 1;
      return useElapsedSeconds(manager);
    });
    drawn = 0;
    for (let i = 1; i <= 30; i++) act(() => manager.hear({ level: -12, elapsedMs: i * 100 }));
    expect(drawn).toBe(3);
  });
});
