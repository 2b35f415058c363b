import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectAddsUp } from '../../test/support/coverage-adds-up.ts';
import {
  complete,
  created,
  later,
  received,
  result,
  uploadCompleted,
} from '../../test/support/recording-events.ts';
import { anyRun, play, run, stateOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent } from './events.ts';
import { ledgerOf } from './ledger.ts';

const STREAM = { segmenting: { mode: 'stream', seconds: 5 } } as const;
const timed = (index: number): RecordingEvent => {
  const event = received(index);
  if (event.type !== 'ChunkReceived') throw new Error('no chunk');
  return { ...event, data: { ...event.data, startMs: index * 5_000, endMs: (index + 1) * 5_000 } };
};
const chunks = (...indexes: number[]): RecordingEvent[] => [...created(STREAM), ...indexes.map(timed)];
/** Of 15 s each. */
const heard = (window: number): RecordingEvent => result('transcribe', 0, later(12_000), window);
const sealed = (count: number): RecordingEvent =>
  uploadCompleted(count, { by: 'server', durationMs: undefined });
const ledger = (events: readonly RecordingEvent[]) => ledgerOf(stateOf(events));

describe('the ledger of a session', () => {
  it('says nothing before anything has arrived, and of what was erased', () => {
    expect(ledger(created(STREAM))).toBeUndefined();
    expect(ledger([...chunks(0), { type: 'SessionErased', data: { at: later(2_000) } }])).toBeUndefined();
  });

  it('has what arrived and is not heard yet as pending', () => {
    expect(ledger([...chunks(0, 1, 2, 3), heard(0)])).toEqual({
      capturedMs: 20_000,
      storedMs: 20_000,
      transcribedMs: 15_000,
      gaps: [{ startMs: 15_000, endMs: 20_000, reason: 'pending' }],
    });
  });

  it('has what was reported and is not stored, behind a chunk that has not come', () => {
    expect(ledger(chunks(0, 1, 4))).toEqual({
      capturedMs: 25_000,
      storedMs: 10_000,
      transcribedMs: 0,
      gaps: [
        { startMs: 0, endMs: 10_000, reason: 'pending' },
        { startMs: 10_000, endMs: 25_000, reason: 'not_stored' },
      ],
    });
  });

  it('of an upload that the server ended keeps what lacks', () => {
    expect(ledger([...chunks(0, 1, 2, 4), sealed(3), heard(0)])).toEqual({
      capturedMs: 25_000,
      storedMs: 15_000,
      transcribedMs: 15_000,
      gaps: [{ startMs: 15_000, endMs: 25_000, reason: 'not_stored' }],
    });
  });

  it('names what was heard and not understood by its reason', () => {
    const doubtful = heard(0);
    const gap = { ...doubtful, data: { ...doubtful.data, gap: 'repeats' } } as RecordingEvent;
    expect(ledger([...chunks(0, 1, 2), sealed(3), gap])?.gaps).toEqual([
      { startMs: 0, endMs: 15_000, reason: 'repeats' },
    ]);
  });

  it('of a session that failed has no pending gap: it is not transcribed', () => {
    const failed: RecordingEvent = {
      type: 'SessionFailed',
      data: { at: later(20_000), code: 'timeout', message: 'too long', retriable: true, step: 'transcribe' },
    };
    expect(ledger([...chunks(0, 1, 2), sealed(3), failed])?.gaps).toEqual([
      { startMs: 0, endMs: 15_000, reason: 'not_transcribed' },
    ]);
  });

  it('of one whole file is as long as its recorder says, until it was read', () => {
    const single = { strategy: 'single', segmenting: { mode: 'slices', seconds: 5 } } as const;
    const events = [...created(single), received(0)];
    expect(ledger(events)).toBeUndefined();
    const whole = [...events, uploadCompleted(1, { durationMs: 9_000 })];
    expect(ledger(whole)).toMatchObject({ capturedMs: 9_000, storedMs: 9_000, transcribedMs: 0 });
    expect(ledger([...whole, result('merge')])).toMatchObject({ capturedMs: 10_000, storedMs: 10_000 });
  });

  it('is the transcript’s as soon as there is one', () => {
    const done = run([complete([0, 1])], [...created(), received(0), received(1)]);
    expect(ledger([...done, result('merge'), result('transcribe')])).toEqual({
      capturedMs: 10_000,
      storedMs: 10_000,
      transcribedMs: 10_000,
      gaps: [],
    });
  });
});

it('captured ≥ stored ≥ transcribed, and the gaps are exactly the difference, after every move of any run (500 runs)', () => {
  fc.assert(
    fc.property(anyRun(), (moves) => {
      for (const { session } of play(moves)) {
        const entry = ledgerOf(session);
        if (entry !== undefined) expectAddsUp(entry);
      }
    }),
    { numRuns: 500 },
  );
});
