/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, screen } from '@testing-library/react';
import type { RecordingState } from '../upload/recording-state.ts';
import { RecordingModal } from './RecordingModal.tsx';
import { press, renderVoice } from './testing/render-voice.tsx';
import { STATES, scriptedManager } from './testing/scripted-manager.ts';

afterEach(cleanup);

async function open(state: RecordingState) {
  const manager = scriptedManager(state);
  const onClose = jest.fn();
  await renderVoice(<RecordingModal manager={manager} visible onClose={onClose} />);
  return { manager, onClose };
}

async function pressEscape() {
  const key = new KeyboardEvent('keyup', { key: 'Escape', bubbles: true });
  await act(async () => (document.activeElement ?? document.body).dispatchEvent(key));
}

describe('the modal', () => {
  it('is a named dialog that has the focus', async () => {
    await open(STATES.idle);
    const dialog = screen.getByRole('dialog', { name: 'Voice note' });
    expect(dialog.getAttribute('aria-modal')).toBe('true');
    expect(dialog.contains(document.activeElement)).toBe(true);
  });

  it('keeps the focus within', async () => {
    const outside = document.body.appendChild(document.createElement('button'));
    await open(STATES.idle);
    act(() => outside.focus());
    expect(screen.getByRole('dialog').contains(document.activeElement)).toBe(true);
    outside.remove();
  });

  it('shows nothing while it is not visible', async () => {
    await renderVoice(<RecordingModal manager={scriptedManager()} visible={false} onClose={() => {}} />);
    expect(screen.queryByRole('button')).toBeNull();
  });

  it.each(['sending', 'processing', 'kept', 'failed', 'idle', 'finishing'] as const)(
    'closes at once (%s), and what is under way goes on',
    async (phase) => {
      const { manager, onClose } = await open(STATES[phase]);
      await press('Close');
      expect(onClose).toHaveBeenCalledTimes(1);
      expect(manager.calls.filter((call) => call !== 'open' && call !== 'check')).toEqual([]);
    },
  );

  it.each(['ready', 'refused', 'discarded'] as const)(
    'puts away what has come to its end: %s',
    async (phase) => {
      const { manager, onClose } = await open(STATES[phase]);
      await press('Close');
      expect(onClose).toHaveBeenCalledTimes(1);
      expect(manager.calls).toContain('dismiss');
    },
  );

  it.each(['recording', 'paused'] as const)('asks before it leaves a recording: %s', async (phase) => {
    const { manager, onClose } = await open(STATES[phase]);
    await press('Close');
    expect(screen.getByRole('alertdialog')).toBeTruthy();
    expect(onClose).not.toHaveBeenCalled();
    await pressEscape();
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(onClose).not.toHaveBeenCalled();
    expect(manager.calls).not.toContain('cancel');
  });

  it('closes by Escape', async () => {
    const { onClose } = await open(STATES.processing);
    await pressEscape();
    expect(onClose).toHaveBeenCalledTimes(1);
  });

  it('tells of an entry also while it is closed', async () => {
    const manager = scriptedManager(STATES.processing);
    const onEntry = jest.fn();
    await renderVoice(
      <RecordingModal manager={manager} visible={false} onClose={() => {}} onEntry={onEntry} />,
    );
    act(() => manager.show(STATES.ready));
    expect(onEntry).toHaveBeenCalledTimes(1);
  });

  it('lists what earlier visits left', async () => {
    const { manager } = await open(STATES.idle);
    const state = { ...STATES.kept, recordingId: 'r-0' };
    const createdAt = '2026-11-23T18:20:00.000Z';
    act(() => manager.keep([{ recordingId: 'r-0', createdAt, durationMs: 61_000, cutOff: false, state }]));
    expect(screen.getByRole('heading', { name: 'On this device' })).toBeTruthy();
  });
});
