/** @jest-environment jsdom */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { measured } from '../console/testing/measured.ts';
import { normal } from '../console/testing/normal.ts';
import { buttons, press, renderConsole } from '../console/testing/render-console.tsx';
import type { Timeline } from './admin-types.ts';
import { SessionPage } from './session-page.tsx';
import { type AdminDouble, adminDouble } from './testing/admin-double.ts';
import { givenUpTimeline, sessionId } from './testing/documents.ts';
import { renderSre, settled, srePartsOf } from './testing/render-sre.tsx';
import { Waterfall } from './waterfall.tsx';

beforeAll(measured);
afterEach(cleanup);

async function show(timeline: Partial<Timeline> = {}): Promise<AdminDouble> {
  const api = adminDouble({ timelines: [{ ...givenUpTimeline(), ...timeline }] });
  const page = <SessionPage sessionId={sessionId(7)} signIn={signInDouble('sre')} sre={srePartsOf(api)} />;
  await renderSre(page);
  return api;
}

const text = (region: string) => normal(screen.getByRole('region', { name: region }).textContent ?? '');
const HEAD = 'What became of it';

describe('the head of a session', () => {
  it('says its state, arm, assignment and traces, and nothing of the device', async () => {
    await show();
    expect(text(HEAD)).toContain('Failed');
    expect(text(HEAD)).toContain('ArmChunked');
    expect(text(HEAD)).toContain('chunked-upload at 20 %, because: rollout');
    expect(text(HEAD)).toContain('From first to last event2 min 20 s');
    expect(text(HEAD)).toContain('4bf92f3577b34da6a3ce929d0e0e4736');
    expect(text(HEAD)).not.toContain('iPhone');
  });

  it('has a button that requeues what was given up', async () => {
    const api = await show();
    expect(text(HEAD)).toContain('Given up: Transcribe.');
    await press('Requeue');
    await settled();
    expect(api.asked).toEqual([
      `timeline ${sessionId(7)}`,
      `requeue session ${sessionId(7)}`,
      `timeline ${sessionId(7)}`,
    ]);
    expect(text(HEAD)).toContain('Processing');
    expect(buttons()).not.toContain('Requeue');
    const said = screen.getAllByRole('status').map(({ textContent }) => textContent);
    expect(said).toContain('Requeued: it is being processed again.');
  });

  it('says why it was not requeued', async () => {
    const api = await show();
    api.refuseNext(new ApiError(409, 'not_retriable', 'there is no step to mend'));
    await press('Requeue');
    await settled();
    expect(screen.getByText('Not requeued: there is no step to mend')).toBeTruthy();
  });

  it('has none when only the app can help, or nothing was given up', async () => {
    const events = givenUpTimeline().events;
    const final = events.map((event) =>
      event.type === 'SessionFailed' ? { ...event, facts: { ...event.facts, retriable: false } } : event,
    );
    await show({ events: final });
    expect(text(HEAD)).toContain('Only the app can send it anew.');
    expect(buttons()).not.toContain('Requeue');
    cleanup();
    await show({ state: 'completed', events: events.slice(0, -2) });
    expect(buttons()).not.toContain('Requeue');
  });
});

describe('the waterfall', () => {
  it('says of each step how long it took, how it ended and what failed on the way', async () => {
    await show();
    expect(text('Where the time went')).toContain('Recording and upload← before stop121,000 ms (2 min 1 s)');
    expect(text('Where the time went')).toContain('Merge420 ms');
    expect(text('Where the time went')).toContain('Transcribe18,580 ms (19 s), failed, 3 failed attempts');
  });

  it('has the same as a table', async () => {
    await show();
    const table = screen.getByRole('table', { name: 'Where the time went, as a table', hidden: true });
    const last = within(table).getAllByRole('row', { hidden: true }).at(-1);
    const cells = [...(last?.children ?? [])].map((cell) => normal(cell.textContent ?? ''));
    expect(cells).toEqual(['Transcribe', '121,420 ms (2 min 1 s)', '18,580 ms (19 s)', 'failed', '3']);
  });

  it('stands before anything has begun', async () => {
    await renderConsole(<Waterfall spans={[]} />);
    expect(screen.getByText('Nothing has begun yet.')).toBeTruthy();
  });
});

describe('the events', () => {
  const items = () =>
    [...document.querySelectorAll('#events ~ ol > li, section .events:not(.events .events) > li')]
      .filter((item) => item.closest('details') === null)
      .map((item) => normal(item.textContent ?? ''));

  it('say when, what, by whom and in which trace, with their facts; runs of chunks are folded', async () => {
    await show();
    expect(items()[0]).toMatch(/^\+0.00 sSessionCreated by user:u-5f0c, trace 4bf92f35sessionId:/);
    expect(items()[0]).toContain('segmenting:mode: stream, seconds: 5');
    expect(items()[2]).toMatch(/^\+5.0 s24 × ChunkReceived/);
    expect(items()[5]).toMatch(/^\+2 min 3 sFailure: StepAttemptFailed by worker/);
  });

  it('can be only the failures', async () => {
    await show();
    await act(async () => fireEvent.click(screen.getByRole('switch', { name: 'Only failures' })));
    expect(items()).toHaveLength(5);
    cleanup();
    await show({ events: givenUpTimeline().events.slice(0, 4) });
    await act(async () => fireEvent.click(screen.getByRole('switch', { name: 'Only failures' })));
    expect(screen.getByText('Nothing failed in this session.')).toBeTruthy();
  });
});

it.each([
  [404, 'session_not_found'],
  [400, 'validation_failed'],
])('a session that is not there is told as such (%s)', async (status, code) => {
  const api = adminDouble();
  api.refuseNext(new ApiError(status, code, 'no'));
  const page = <SessionPage sessionId="abc" signIn={signInDouble('sre')} sre={srePartsOf(api)} />;
  await renderSre(page);
  expect(screen.getByRole('alert').textContent).toContain(
    'There is no such sessionNothing is known of “abc”.',
  );
});
