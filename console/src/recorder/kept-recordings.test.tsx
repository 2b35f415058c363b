/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, screen, within } from '@testing-library/react';
import type { RecordingSummary } from '@thankly/voice-client';
import { KeptRecordings } from './kept-recordings.tsx';
import { kept, managerDouble, uploadView } from './testing/page-doubles.ts';
import { press, renderPage } from './testing/render-page.tsx';

afterEach(cleanup);

const rows = () => screen.queryAllByRole('listitem');

describe('the recordings on this device', () => {
  it('are no section at all while there are none', async () => {
    await renderPage(<KeptRecordings manager={managerDouble()} />);
    expect(screen.queryByRole('heading')).toBeNull();
  });

  it('say where each is safe and what it waits for', async () => {
    const manager = managerDouble({ phase: 'idle' }, [kept('r-1', 'offline'), kept('r-2', 'refused')]);
    await renderPage(<KeptRecordings manager={manager} />);
    expect(screen.getByRole('region', { name: 'On this device' })).toBeTruthy();
    expect(rows()).toHaveLength(2);
    expect(rows()[0]?.textContent).toContain('01:05');
    expect(rows()[0]?.textContent).toContain('Partly uploaded');
    expect(rows()[0]?.textContent).toContain('sent by itself');
    expect(rows()[1]?.textContent).toContain('did not accept');
  });

  it('leave out the one in hand, and those that have their entry', async () => {
    const inHand = kept('r-1', 'offline');
    const manager = managerDouble(inHand.state, [inHand, kept('r-2', 'offline')]);
    await renderPage(<KeptRecordings manager={manager} />);
    expect(rows()).toHaveLength(1);
    const ready: RecordingSummary = {
      ...inHand,
      recordingId: 'r-2',
      state: {
        phase: 'ready',
        recordingId: 'r-2',
        upload: uploadView(),
        durationMs: 1,
        transcript: '',
        status: {} as never,
      },
    };
    await act(async () => manager.show({ phase: 'idle' }, [ready]));
    expect(rows()).toHaveLength(0);
  });

  it('are tried again only when they do not go on by themselves', async () => {
    const manager = managerDouble({ phase: 'idle' }, [
      kept('r-1', 'offline'),
      kept('r-2', 'elsewhere'),
      kept('r-3', 'signed-out'),
    ]);
    await renderPage(<KeptRecordings manager={manager} />);
    expect(screen.getAllByRole('button', { name: /^Try again/ })).toHaveLength(1);
    await press(/^Try again/);
    expect(manager.calls).toEqual(['retry r-3']);
  });

  it('are deleted after a question, whose harmless answer has the focus', async () => {
    const manager = managerDouble({ phase: 'idle' }, [kept('r-1', 'refused')]);
    await renderPage(<KeptRecordings manager={manager} />);
    await press(/^Delete: recording of/);
    const dialog = screen.getByRole('dialog', { name: 'Delete this recording?' });
    expect(document.activeElement).toBe(within(dialog).getByRole('button', { name: 'Keep it' }));
    await press('Keep it');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(manager.calls).toEqual([]);

    await press(/^Delete: recording of/);
    await press('Delete');
    expect(manager.calls).toEqual(['discard r-1']);
    expect(screen.getByRole('status').textContent).toBe('The recording was deleted from this device.');
  });

  it('say when one cannot be saved as a file', async () => {
    const manager = managerDouble({ phase: 'idle' }, [kept('r-1', 'store-failed')]);
    await renderPage(<KeptRecordings manager={manager} />);
    await press(/^Save as a file: recording of/);
    expect(manager.calls).toEqual(['export r-1']);
    expect(screen.getByRole('status').textContent).toBe('It could not be read from this device.');
  });
});
