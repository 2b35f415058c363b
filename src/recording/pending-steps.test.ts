import { describe, expect, it } from '@jest/globals';
import {
  created,
  hash,
  later,
  received,
  result,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import { MODES, mergeFailed, run, SHAPES, silence, stateOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent, StepName } from './events.ts';
import { isFinished, pendingSteps } from './pending-steps.ts';

const image = { index: 0, key: 'i', bytes: 5, sha256: hash(2) };
const withImages: RecordingEvent[] = [
  ...created({ kind: 'voice-with-images', images: [{ mimeType: 'image/jpeg' }] }),
  received(0),
  uploadCompleted(1, { images: [image] }),
];
const names = (events: readonly RecordingEvent[]): StepName[] =>
  pendingSteps(stateOf(events)).map(({ step }) => step);

const givenUp = (step: StepName): RecordingEvent => ({
  type: 'StepFailed',
  data: { at: later(12_000), step, generation: 0, code: 'x', message: '', attempts: 3 },
});

describe('what is to be done next', () => {
  it('is nothing while recording', () => {
    expect(names([...created(), received(0)])).toEqual([]);
  });
  it('is one step after another for a voice, and three at once after the transcript', () => {
    expect(names(uploaded())).toEqual(['merge']);
    expect(names([...uploaded(), result('merge')])).toEqual(['transcribe']);
    expect(names([...uploaded(), result('merge'), result('transcribe')])).toEqual([
      'polish',
      'emotion',
      'feedback',
    ]);
  });
  it('is describing the images beside all that, and polishing only after it', () => {
    const transcribed = [...withImages, result('merge'), result('transcribe')];
    expect(names(withImages)).toEqual(['merge', 'describe-images']);
    expect(names(transcribed)).toEqual(['describe-images', 'emotion', 'feedback']);
    expect(names([...transcribed, result('describe-images')])).toEqual(['polish', 'emotion', 'feedback']);
    expect(names([...transcribed, givenUp('describe-images')])).toEqual(['polish', 'emotion', 'feedback']);
  });
  it('does without the images of a session that the server sealed', () => {
    const sealed = [...withImages.slice(0, -1), uploadCompleted(1, { by: 'server', images: [] })];
    expect(names(sealed)).toEqual(['merge']);
    expect(names([...sealed, result('merge'), result('transcribe')])).toContain('polish');
  });
  it.each(MODES)('after a merge that failed is to transcribe the segments, if there are: %s', (mode) => {
    const events = run([mergeFailed()], uploaded(2, { segmenting: { mode, seconds: 5 } }));
    expect(names(events)).toEqual(mode === 'segments' ? ['transcribe'] : []);
  });
  it.each(SHAPES)('starts with the merge, and a window if there are: $kind, $strategy, $mode', (shape) => {
    const { kind, strategy, mode } = shape;
    const windowed = strategy === 'chunked' && mode !== 'slices';
    expect(names(uploaded(1, { kind, strategy, segmenting: { mode, seconds: 5 } }))).toEqual(
      windowed ? ['transcribe', 'merge'] : ['merge'],
    );
  });
  it('names the attempt and when it may start', () => {
    const failed: RecordingEvent = {
      type: 'StepAttemptFailed',
      data: {
        at: later(12_000),
        step: 'merge',
        generation: 0,
        attempt: 1,
        code: 'x',
        message: '',
        outage: false,
        retryAt: later(13_000),
      },
    };
    expect(pendingSteps(stateOf(uploaded()))).toEqual([{ step: 'merge', generation: 0, attempt: 1 }]);
    expect(pendingSteps(stateOf([...uploaded(), failed]))).toEqual([
      { step: 'merge', generation: 0, attempt: 2, notBefore: later(13_000) },
    ]);
  });
  it('is nothing once the session failed, was completed or erased', () => {
    const ends: RecordingEvent[] = [
      {
        type: 'SessionFailed',
        data: { at: later(1), step: 'merge', code: 'x', message: '', retriable: true },
      },
      { type: 'SessionCompleted', data: { at: later(1), processingMs: 1, without: [] } },
      { type: 'SessionErased', data: { at: later(1) } },
    ];
    for (const end of ends) expect(names([...uploaded(), end])).toEqual([]);
  });
  it('of a completed session is the enrichment that was asked for again', () => {
    const completed: RecordingEvent[] = [
      ...uploaded(),
      ...(['merge', 'transcribe', 'polish', 'feedback'] as const).map((step) => result(step)),
      givenUp('emotion'),
      { type: 'SessionCompleted', data: { at: later(1), processingMs: 1, without: ['emotion'] } },
    ];
    expect(names(completed)).toEqual([]);
    const asked: RecordingEvent = { type: 'StepRequeued', data: { at: later(60_000), step: 'emotion' } };
    expect(names([...completed, asked])).toEqual(['emotion']);
    expect(names([...completed, asked, result('emotion', 1)])).toEqual([]);
  });
});

describe('a session is finished', () => {
  const finished = (events: readonly RecordingEvent[]) => isFinished(stateOf(events));
  it('when the transcript is there and every step has ended', () => {
    const transcribed = [...uploaded(), result('merge'), result('transcribe')];
    expect(finished(uploaded())).toBe(false);
    expect(finished(transcribed)).toBe(false);
    expect(finished([...transcribed, result('polish'), result('emotion')])).toBe(false);
    expect(finished([...transcribed, result('polish'), result('emotion'), result('feedback')])).toBe(true);
    expect(finished([...transcribed, result('polish'), givenUp('emotion'), givenUp('feedback')])).toBe(true);
  });
  it('when nothing was said and there are no images', () => {
    expect(finished(run([silence()], [...uploaded(), result('merge')]))).toBe(true);
    expect(finished(run([silence()], [...withImages, result('merge')]))).toBe(false);
  });
});
