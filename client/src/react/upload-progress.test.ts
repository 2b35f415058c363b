import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordingState, UploadView } from '../upload/recording-state.ts';
import { STATES, sessionStatus, uploadView } from './testing/scripted-manager.ts';
import { NO_PROGRESS, nextProgress, type Progress, uploadProgress } from './upload-progress.ts';

function follow(states: readonly RecordingState[]): number[] {
  let progress = NO_PROGRESS;
  return states.map((state) => {
    progress = nextProgress(progress, state);
    return progress.value;
  });
}

const processing = (progress: number): RecordingState => ({
  ...STATES.processing,
  status: sessionStatus({ progress }),
});
const sending = (upload: Partial<UploadView>): RecordingState => ({
  ...STATES.sending,
  upload: uploadView(upload),
});

describe('where a state puts the bar', () => {
  it('stands at 0 while somebody talks', () => {
    expect(uploadProgress(STATES.recording)).toBe(0);
    expect(uploadProgress(STATES.paused)).toBe(0);
  });

  it('begins at stop with what is on the server by then, and one more chunk to come', () => {
    expect(uploadProgress(STATES.finishing)).toBeCloseTo(0.3 * (2 / 4), 10);
    expect(uploadProgress(STATES.sending)).toBeCloseTo(0.3 * (2 / 3), 10);
  });

  it('begins at 0 where nothing has gone up', () => {
    expect(uploadProgress(sending({ acknowledgedBytes: 0 }))).toBe(0);
    expect(uploadProgress(sending({ acknowledgedBytes: 0, totalBytes: 0, chunks: [] }))).toBe(0);
  });

  it('goes on where the upload ended, and then says what the server says', () => {
    expect(uploadProgress(sending({ acknowledgedBytes: 120_000 }))).toBeCloseTo(0.3, 10);
    expect(uploadProgress({ ...STATES.processing, status: null })).toBeCloseTo(0.3, 10);
    expect([30, 40, 75, 97].map((percent) => uploadProgress(processing(percent)))).toEqual([
      0.3,
      expect.closeTo(0.4, 10),
      expect.closeTo(0.75, 10),
      expect.closeTo(0.97, 10),
    ]);
  });

  it('is not full before the entry is ready, whatever the server counts', () => {
    expect(uploadProgress(processing(100))).toBe(0.98);
    expect(uploadProgress(STATES.ready)).toBe(1);
  });

  it('reads a progress that is none as the beginning of its share', () => {
    expect(uploadProgress(processing(Number.NaN))).toBeCloseTo(0.3, 10);
    expect(uploadProgress(processing(-5))).toBeCloseTo(0.3, 10);
  });
});

describe('the bar of one recording', () => {
  it('does not go back when a fallback sends everything again', () => {
    const whole = { strategy: 'single', totalBytes: 120_000 } as const;
    const values = follow([
      sending({ acknowledgedBytes: 120_000 }),
      processing(38),
      sending({ ...whole, acknowledgedBytes: 0 }),
      sending({ ...whole, acknowledgedBytes: 120_000 }),
      processing(33),
      processing(60),
    ]);
    expect(values).toEqual([0.3, 0.38, 0.38, 0.38, 0.38, 0.6].map((value) => expect.closeTo(value, 10)));
  });

  it('stays where it was when processing failed, and goes on from there', () => {
    expect(follow([processing(80), STATES.failed, processing(40), processing(90), STATES.ready])).toEqual(
      [0.8, 0.8, 0.8, 0.9, 1].map((value) => expect.closeTo(value, 10)),
    );
  });

  it('begins again at 0 with another recording', () => {
    const another = { ...STATES.recording, recordingId: 'r-2' };
    expect(follow([processing(80), another])).toEqual([expect.closeTo(0.8, 10), 0]);
    expect(follow([STATES.ready, STATES.idle])).toEqual([1, 0]);
  });

  it('is the same object while nothing changes', () => {
    const first = nextProgress(NO_PROGRESS, STATES.sending);
    expect(nextProgress(first, { ...STATES.sending })).toBe(first);
    expect(nextProgress(NO_PROGRESS, STATES.idle)).toBe(NO_PROGRESS);
  });

  it('never goes back and stays within 0–1, and is full if and only if it is ready', () => {
    fc.assert(
      fc.property(fc.array(unfinished(), { maxLength: 30 }), fc.boolean(), (states, ends) => {
        const all = ends ? [...states, STATES.ready] : states;
        let progress: Progress = NO_PROGRESS;
        for (const state of all) {
          const next = nextProgress(progress, state);
          expect(next.value).toBeGreaterThanOrEqual(progress.value);
          expect(next.value).toBeLessThanOrEqual(1);
          expect(next.value === 1).toBe(state.phase === 'ready');
          progress = next;
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Any state of one recording but `ready`, in any order, with any numbers. */
function unfinished(): fc.Arbitrary<RecordingState> {
  const upload = fc
    .record({
      totalBytes: fc.nat(),
      acknowledgedBytes: fc.nat(),
      chunks: fc.array(fc.constant(uploadView().chunks[0] as UploadView['chunks'][number]), { maxLength: 5 }),
    })
    .map(uploadView);
  const status = fc
    .oneof(fc.integer({ min: -10, max: 110 }), fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY))
    .map((progress) => sessionStatus({ progress }));
  return fc.oneof(
    fc
      .tuple(fc.constantFrom(STATES.recording, STATES.finishing, STATES.sending, STATES.kept), upload)
      .map(([state, view]): RecordingState => ({ ...state, upload: view })),
    fc.option(status).map((read): RecordingState => ({ ...STATES.processing, status: read })),
    status.map((read): RecordingState => ({ ...STATES.failed, status: read })),
  );
}
