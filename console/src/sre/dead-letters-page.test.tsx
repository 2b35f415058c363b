/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, within } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { buttons, press } from '../console/testing/render-console.tsx';
import { DeadLettersPage } from './dead-letters-page.tsx';
import { type AdminDouble, adminDouble } from './testing/admin-double.ts';
import { consumerLetter, sessionId, stepLetter } from './testing/documents.ts';
import { renderSre, settled, srePartsOf } from './testing/render-sre.tsx';

afterEach(cleanup);

async function show(
  deadLetters = [consumerLetter(), stepLetter(7), stepLetter(14)],
  changes: Partial<AdminDouble> = {},
): Promise<AdminDouble> {
  const api = { ...adminDouble({ deadLetters }), ...changes };
  await renderSre(<DeadLettersPage signIn={signInDouble('sre')} sre={srePartsOf(api)} />);
  return api;
}

const rows = () => screen.queryAllByRole('row').slice(1);
const REQUEUE_STEP = `Requeue Step Transcribe of recording-${sessionId(7)}`;

describe('the dead letters', () => {
  it('are of steps and of consumers', async () => {
    await show();
    expect(rows().map((row) => row.firstElementChild?.firstChild?.textContent)).toEqual([
      'Consumer experiment-v2',
      'Step Transcribe',
      'Step Transcribe',
    ]);
    expect(rows()[0]?.textContent).toContain('a number was expected');
    expect(
      within(rows()[1] as HTMLElement)
        .getAllByRole('link')[0]
        ?.getAttribute('href'),
    ).toBe(`/console/sessions/${sessionId(7)}`);
  });

  it('are requeued one by one', async () => {
    const api = await show();
    await press(REQUEUE_STEP);
    await settled();
    expect(api.asked).toEqual(['dead letters limit=50', 'requeue step-7', 'dead letters limit=50']);
    expect(rows()).toHaveLength(2);
  });

  it('are not offered again while the list is a moment behind, but are when they come back', async () => {
    const api = await show([stepLetter(7)], { requeueDeadLetter: async () => ({ requeued: 1 }) });
    await press(REQUEUE_STEP);
    await settled();
    expect(screen.getByText('Requeued, waiting')).toBe(document.activeElement);
    api.show({ deadLetters: [{ ...stepLetter(7), since: '2026-11-24T03:00:00.000Z' }] });
    await press('Refresh now');
    await settled();
    expect(buttons()).toContain(REQUEUE_STEP);
  });

  it('say when one was put back already', async () => {
    await show([{ ...consumerLetter(), requeued: true }]);
    expect(screen.getByText('Requeued, waiting')).toBeTruthy();
  });

  it('say why one was not requeued', async () => {
    const api = await show();
    api.refuseNext(new ApiError(404, 'dead_letter_not_found', 'there is no such dead letter'));
    await press(REQUEUE_STEP);
    await settled();
    expect(screen.getByText('Not requeued: there is no such dead letter')).toBeTruthy();
  });

  it('that are none are good', async () => {
    await show([]);
    expect(screen.getByText('There are no dead letters: good.')).toBeTruthy();
  });
});

describe('requeuing all', () => {
  it('asks first, and then says how many', async () => {
    const api = await show();
    await press('Requeue all 3 …');
    expect(screen.getByRole('dialog').textContent).toContain('Requeue all dead letters?');
    await press('Requeue all', screen.getByRole('dialog'));
    await settled();
    expect(api.asked).toContain('requeue all');
    expect(screen.getAllByText(/^Requeued 3\./)[0]?.className).toContain('banner');
    expect(screen.getAllByRole('status').at(-1)?.textContent).toContain('Requeued 3.');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(rows()).toHaveLength(0);
  });

  it('does nothing when it is cancelled', async () => {
    const api = await show();
    await press('Requeue all 3 …');
    await press('Cancel', screen.getByRole('dialog'));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(api.asked).toEqual(['dead letters limit=50']);
  });

  it('stays, and says why, when it was refused', async () => {
    const api = await show();
    await press('Requeue all 3 …');
    api.refuseNext(new ApiError(503, 'event_log_unavailable', 'the log is away'));
    await press('Requeue all', screen.getByRole('dialog'));
    await settled();
    expect(screen.getByRole('dialog').textContent).toContain('Not requeued: the log is away');
  });

  it('says that there are more than are shown', async () => {
    await show(Array.from({ length: 60 }, (_, n) => stepLetter(n)));
    expect(buttons()).toContain('Requeue all (50 and more) …');
  });
});
