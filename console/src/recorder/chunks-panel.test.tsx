/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { ChunksPanel } from './chunks-panel.tsx';
import { managerDouble, uploadView } from './testing/page-doubles.ts';
import { renderPage } from './testing/render-page.tsx';

afterEach(cleanup);

async function open(manager: ReturnType<typeof managerDouble>) {
  await renderPage(<ChunksPanel manager={manager} />);
  const details = screen.getByRole('group') as HTMLDetailsElement;
  await act(async () => {
    details.open = true;
    fireEvent(details, new Event('toggle'));
  });
}

const figure = (name: string) => screen.getByText(name).nextElementSibling?.textContent;

describe('the chunks panel', () => {
  it('says what it is for while nothing is sent, and which variant one is in', async () => {
    await open(managerDouble());
    expect(screen.getByText(/Nothing is being sent/)).toBeTruthy();
    expect(figure('Your variant')).toBe('chunked · asked 2 minutes ago');
  });

  it('shows the chunks as they fly', async () => {
    const manager = managerDouble({
      phase: 'sending',
      recordingId: 'r-1',
      durationMs: 15_000,
      transcript: '',
      upload: uploadView(),
    });
    await open(manager);
    expect(screen.getByText('2 of 3 parts received')).toBeTruthy();
    expect(screen.getByRole('img', { name: '2 received, 1 being sent, 0 waiting' })).toBeTruthy();
    expect(figure('Bytes')).toBe('80 kB of 120 kB');
    expect(figure('Speed')).toBe('32 kB/s');
    expect(figure('Tried again')).toBe('3');
    expect(figure('Session')).toBe('session-1');
    expect(screen.queryByText('Why in one piece')).toBeNull();

    await act(async () =>
      manager.show({
        phase: 'sending',
        recordingId: 'r-1',
        durationMs: 15_000,
        transcript: '',
        upload: uploadView({ strategy: 'single', fallbackReason: 'chunk_rejected', bytesPerSecond: null }),
      }),
    );
    expect(figure('Way')).toBe('in one piece, after you stop');
    expect(figure('Why in one piece')).toBe('chunk_rejected');
    expect(figure('Speed')).toBe('not measured yet');
  });
});
