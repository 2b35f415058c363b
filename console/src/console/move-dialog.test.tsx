/** @jest-environment jsdom */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import type { RolloutAnswer } from './api-types.ts';
import { type Ask, MoveDialog } from './move-dialog.tsx';
import { useLive } from './page-parts.ts';
import { type LiveDouble, liveDouble } from './testing/console-doubles.ts';
import { byPerson, historyItem } from './testing/documents.ts';
import { normal } from './testing/normal.ts';
import { press, renderConsole, type } from './testing/render-console.tsx';
import { good } from './testing/scenarios.ts';

afterEach(() => {
  cleanup();
  jest.useRealTimers();
});

const advance: Ask = { kind: 'move', move: { kind: 'percent', percent: 50 } };

type PageProps = { readonly ask: Ask; readonly live: LiveDouble; readonly onClose: () => void };

/** As the page does it: what the dialog shows follows the live rollout. */
function Page({ live, ...props }: PageProps) {
  const { rollout } = useLive(live);
  return <MoveDialog {...props} rollout={rollout as RolloutAnswer} live={live} />;
}

async function open(ask: Ask): Promise<{ readonly live: LiveDouble; readonly closed: () => number }> {
  const live = liveDouble(good());
  let closed = 0;
  await renderConsole(<Page ask={ask} live={live} onClose={() => closed++} />);
  return { live, closed: () => closed };
}

/** As the server has it after somebody else's move. */
function movedBy(name: string, reason: string): RolloutAnswer {
  const { rollout } = good();
  const item = historyItem(
    '2026-11-24T12:00:30.000Z',
    'StageEntered',
    'Moved to 50 %',
    byPerson(name, reason),
  );
  const synced = historyItem('2026-11-24T12:00:31.000Z', 'FlagSynced', 'In force in Unleash: 50 %');
  return { ...rollout, percent: 50, next: 100, moves: 5, history: [synced, item, ...rollout.history] };
}

const moved = (rollout: RolloutAnswer) =>
  new ApiError(409, 'rollout_moved', 'somebody else moved it', { rollout });

const dialog = () => normal(screen.getByRole('dialog').textContent ?? '');
const reason = () => screen.getByLabelText('Reason') as HTMLTextAreaElement;

describe('a move', () => {
  it('asks for a reason before anything is sent', async () => {
    const { live } = await open(advance);
    expect(document.activeElement).toBe(reason());
    await press('Advance to 50 %');
    expect(screen.getByText('Say why.')).toBeTruthy();
    expect(live.asked).toEqual([]);
    await type('Reason', '  All is well. ');
    await press('Advance to 50 %');
    expect(live.asked).toEqual(['{"kind":"percent","percent":50} because All is well., having seen 4']);
  });

  it('is sent by Enter; Shift and Enter is a new line', async () => {
    const { live, closed } = await open(advance);
    await type('Reason', 'All is well.');
    await act(async () => fireEvent.keyDown(reason(), { key: 'Enter', shiftKey: true }));
    expect(live.asked).toEqual([]);
    await act(async () => fireEvent.keyDown(reason(), { key: 'Enter' }));
    expect(live.asked).toHaveLength(1);
    expect(closed()).toBe(1);
  });

  it('shows in place why it was refused, and keeps the reason', async () => {
    const { live, closed } = await open(advance);
    await type('Reason', 'All is well.');
    live.refuseNext(new ApiError(409, 'rollout_paused', 'the rollout is paused: resume it first'));
    await press('Advance to 50 %');
    expect(screen.getByRole('alert').textContent).toBe('The rollout is paused: resume it first.');
    expect(reason().value).toBe('All is well.');
    expect(closed()).toBe(0);
    await press('Advance to 50 %');
    expect(closed()).toBe(1);
  });

  it('to any percentage says what is wrong with it, and what it would skip', async () => {
    const { live } = await open({ kind: 'other' });
    const percent = screen.getByLabelText('Percent of users');
    expect(document.activeElement).toBe(percent);
    await type('Reason', 'In a hurry.');
    await press('Move');
    expect(screen.getByText('A whole number from 0 to 100.')).toBeTruthy();
    await type('Percent of users', '101');
    await press('Move');
    expect(live.asked).toEqual([]);
    await type('Percent of users', '100');
    expect(dialog()).toContain('This leaves out the stage at 50 %');
    await press('Advance to 100 %');
    expect(live.asked).toEqual(['{"kind":"percent","percent":100} because In a hurry., having seen 4']);
  });
});

describe('when somebody else was first', () => {
  it('the dialog says who, what and why, keeps the reason, and goes on from there', async () => {
    const { live, closed } = await open({ kind: 'move', move: { kind: 'pause' } });
    await type('Reason', 'Lunch.');
    const theirs = movedBy('dana', 'I was first.');
    live.refuseNext(moved(theirs));
    await press('Pause');
    await act(async () => live.show({ rollout: theirs }));
    expect(dialog()).toContain('Meanwhile somebody else moved it:dana: Moved to 50 % (“I was first.”)');
    expect(dialog()).toContain('It stands at 50 % now (running).');
    expect(dialog()).not.toContain('In force in Unleash');
    expect(reason().value).toBe('Lunch.');
    await press('Pause');
    expect(live.asked.at(-1)).toBe('{"kind":"pause"} because Lunch., having seen 5');
    expect(closed()).toBe(1);
  });

  it('and the page has heard of it, it is told before anything is sent', async () => {
    jest.useFakeTimers();
    const { live } = await open({ kind: 'move', move: { kind: 'pause' } });
    await type('Reason', 'Lunch.');
    await act(async () => live.show({ rollout: movedBy('dana', 'I was first.') }));
    expect(dialog()).toContain('dana: Moved to 50 %');
    // Too soon to have read it: the server shall refuse it.
    await press('Pause');
    expect(live.asked).toEqual(['{"kind":"pause"} because Lunch., having seen 4']);
  });

  it('what has been on the page for a second counts as seen', async () => {
    jest.useFakeTimers();
    const { live } = await open({ kind: 'move', move: { kind: 'pause' } });
    await type('Reason', 'Lunch.');
    await act(async () => live.show({ rollout: movedBy('dana', 'I was first.') }));
    await act(async () => jest.advanceTimersByTime(1_000));
    await press('Pause');
    expect(live.asked).toEqual(['{"kind":"pause"} because Lunch., having seen 5']);
  });
});
