import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { given } from '../../test/support/given.ts';
import {
  acknowledge,
  complete,
  created,
  later,
  received,
  recordResult,
  uploadCompleted,
} from '../../test/support/recording-events.ts';
import { pendingResults, stateOf } from '../../test/support/recording-runs.ts';
import { decide } from './decide.ts';
import { deadlineOf } from './decide-upload.ts';
import type { RecordingEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { pendingSteps } from './pending-steps.ts';
import { takesChunks } from './reopening.ts';
import type { Session } from './session.ts';
import { statusView } from './status.ts';

const SEALED_AT = later(9_000);
const BACK = later(3_600_000);
const DAY_MS = DEFAULT_LIMITS.reopenMs;

const streamed = () => created({ segmenting: { mode: 'stream', seconds: 5 } });

/** Sealed by the server with chunks 0–4 (25 s): one window that stands and the tail. */
const sealed = (chunks = 5): RecordingEvent[] => [
  ...streamed(),
  ...Array.from({ length: chunks }, (_, index) => received(index)),
  uploadCompleted(chunks, { by: 'server', at: SEALED_AT }),
];

/** Everything that is waited for, done. */
function done(events: readonly RecordingEvent[]): RecordingEvent[] {
  const session = stateOf([...events]);
  const [result] = pendingResults(session, later(20_000));
  if (result === undefined) return [...events];
  return done([...events, ...decide(session, result, DEFAULT_LIMITS).events]);
}

const reopened = { type: 'UploadReopened', data: { at: BACK } } as const;

describe('a client that comes back to a recording that the server has sealed', () => {
  it.each([
    ['is being processed', sealed()],
    ['is an entry', done(sealed())],
    [
      'failed',
      [
        ...sealed(),
        {
          type: 'SessionFailed',
          data: { at: later(20_000), step: 'merge', code: 'x', message: '', retriable: true },
        } as const,
      ],
    ],
  ] as const)('and %s brings the next chunk: the upload is open again', (_what, events) => {
    const back = given([...events]).when(acknowledge(5, { now: BACK }));
    back.thenAppended(reopened, { type: 'ChunkReceived', data: { index: 5 } });
    const { session } = back;
    expect(session).toMatchObject({ phase: 'recording', strategy: 'chunked' });
    expect(session?.upload).toBeUndefined();
    expect([...(session?.chunks.keys() ?? [])]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('asks for URLs first: that opens it, and its idle deadline runs again', () => {
    const back = given(done(sealed())).when({ type: 'AuthorizeUpload', indexes: [5, 6], now: BACK });
    back.thenAppended(reopened);
    expect(deadlineOf(back.session as Session, DEFAULT_LIMITS)).toBe(
      later(3_600_000 + DEFAULT_LIMITS.idleMs),
    );
  });

  it('completes with all of it: one append opens, takes and completes', () => {
    const back = given(done(sealed())).when(complete([0, 1, 2, 3, 4, 5, 6], { now: BACK }));
    back.thenAppended(
      reopened,
      { type: 'ChunkReceived', data: { index: 5 } },
      { type: 'ChunkReceived', data: { index: 6 } },
      { type: 'UploadCompleted', data: { by: 'client', chunks: 7 } },
    );
    expect(statusView(back.session as Session, BACK)).toMatchObject({
      state: 'processing',
      sealedBy: 'client',
    });
  });

  it('fills a hole: what lay behind it counts again', () => {
    const holed = [
      ...created(),
      received(0),
      received(2),
      uploadCompleted(1, { by: 'server', at: SEALED_AT }),
    ];
    given(holed)
      .when(complete([0, 1, 2], { now: BACK }))
      .thenAppended(reopened, { type: 'ChunkReceived', data: { index: 1 } }, { type: 'UploadCompleted' });
  });

  it('has what stands of it kept, and the tail and the whole made anew in another generation', () => {
    const before = stateOf(done(sealed()));
    const open = evolve(before, reopened) as Session;
    expect([...before.windows.keys()]).toEqual([0, 1]);
    expect([...open.windows]).toEqual([[0, before.windows.get(0)]]);
    expect(open.entry ?? open.transcript ?? open.merged ?? open.emotion ?? open.feedback).toBeUndefined();
    for (const { generation, outcome } of Object.values(open.steps))
      expect({ generation, outcome }).toEqual({ generation: 1, outcome: 'open' });
  });

  it('begins at the progress of a recording', () => {
    const open = evolve(stateOf(done(sealed())), reopened) as Session;
    expect(statusView(open, BACK)).toMatchObject({ state: 'recording', stage: 'recording' });
    expect(statusView(open, BACK).progress).toBeLessThan(50);
    expect(statusView(open, BACK).sealedBy).toBeUndefined();
  });

  it('repeats what was sealed, or a chunk that is here: nothing happens', () => {
    given(done(sealed()))
      .when(complete([0, 1, 2, 3, 4], { now: BACK }))
      .thenNothing();
    given(done(sealed()))
      .when(acknowledge(3, { now: BACK }))
      .thenNothing();
  });

  it('brings what is not stored, or too much: refused, and nothing is opened', () => {
    given(done(sealed()))
      .when(acknowledge(5, { stored: null, now: BACK }))
      .thenRejected('chunk_mismatch');
    given(done(sealed()))
      .when(complete([0, 1, 2, 3, 4, 5], { storedChunks: new Map(), now: BACK }))
      .thenRejected('chunks_missing', { missing: [5] });
    given(done(sealed()))
      .when({ type: 'AuthorizeUpload', indexes: [DEFAULT_LIMITS.maxChunks], now: BACK })
      .thenRejected('chunk_index_out_of_range');
  });

  it('is too late a day after: told what is lacking, as before', () => {
    const late = later(9_000 + DAY_MS + 1);
    given(done(sealed()))
      .when(complete([0, 1, 2, 3, 4, 5], { now: late }))
      .thenRejected('completed_differently', { by: 'server', lacking: [5] });
    given(done(sealed()))
      .when(acknowledge(5, { now: late }))
      .thenRejected('session_ended');
    expect(takesChunks(stateOf(done(sealed())), DEFAULT_LIMITS, late)).toBe(false);
    expect(takesChunks(stateOf(done(sealed())), DEFAULT_LIMITS, later(9_000 + DAY_MS))).toBe(true);
  });

  it('finds a recording that it had completed itself closed for good', () => {
    const mine = [...created(), received(0), uploadCompleted(1)];
    given(mine)
      .when(acknowledge(1, { now: BACK }))
      .thenRejected('session_not_recording');
    given(done(mine))
      .when(acknowledge(1, { now: BACK }))
      .thenRejected('session_ended');
  });

  it('has what runs of the sealed one come to nothing', () => {
    const [pending] = pendingSteps(stateOf(sealed()));
    given([...sealed(), reopened])
      .when(recordResult(pending?.step ?? 'merge', 0, later(3_601_000)))
      .thenNothing();
  });
});

describe('a recording that was sealed and opened again, any number of times', () => {
  it('ends as one that was never sealed (200 runs)', () => {
    const straight = stateOf(
      done([...streamed(), ...range(12).map((i) => received(i)), uploadCompleted(12)]),
    );
    fc.assert(
      fc.property(fc.subarray(range(11), { minLength: 1 }), fc.array(fc.boolean()), (seals, processed) => {
        let events: RecordingEvent[] = streamed();
        for (const index of range(12)) {
          events = [
            ...events,
            ...decide(stateOf(events), acknowledge(index, { now: BACK }), DEFAULT_LIMITS).events,
          ];
          if (!seals.includes(index)) continue;
          expect(stateOf(events).phase).toBe('recording');
          events = [...events, uploadCompleted(index + 1, { by: 'server', at: BACK })];
          if (processed[index] === true) events = done(events);
        }
        const completion = decide(stateOf(events), complete(range(12), { now: BACK }), DEFAULT_LIMITS).events;
        const session = stateOf(done([...events, ...completion]));
        expect(session.phase).toBe('completed');
        expect([...session.chunks.keys()]).toEqual([...straight.chunks.keys()]);
        expect([...session.windows.keys()]).toEqual([...straight.windows.keys()]);
        expect(session.upload).toMatchObject({ by: 'client', chunks: 12 });
      }),
      { numRuns: 200 },
    );
  });
});

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
