import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  created,
  later,
  recordResult,
  result,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import {
  completion,
  creation,
  failure,
  mergeFailed,
  run,
  SHAPES,
  silence,
  stateOf,
  stepsOf,
  windowCount,
} from '../../test/support/recording-runs.ts';
import type { RecordingEvent } from './events.ts';
import { pendingSteps } from './pending-steps.ts';

const MERGE = { step: 'merge', generation: 0, attempt: 1 } as const;
const transcribed: RecordingEvent[] = [...uploaded(), result('merge'), result('transcribe')];

const image = { index: 0, key: 'x', bytes: 1, sha256: 'y' };
const withImages: RecordingEvent[] = [
  ...uploaded(1, { kind: 'voice-with-images', images: [{ mimeType: 'image/jpeg' }] }).slice(0, -1),
  uploadCompleted(1, { images: [image] }),
];

describe('a step’s result', () => {
  it('is recorded, and makes the next steps pending', () => {
    const { session } = given(uploaded()).when(recordResult('merge'));
    expect(session && pendingSteps(session).map(({ step }) => step)).toEqual(['transcribe']);
    const next = given([...uploaded(), result('merge')]).when(recordResult('transcribe'));
    expect(next.session && pendingSteps(next.session).map(({ step }) => step)).toEqual([
      'polish',
      'emotion',
      'feedback',
    ]);
  });
  it.each(SHAPES)('after result leads to the entry: $kind, $strategy, $mode', (shape) => {
    const windows = Array.from({ length: windowCount(shape) }, (_, window) => window);
    const heard = windows.map((window) => recordResult('transcribe', 0, later(12_000), window));
    const results = [...heard, ...stepsOf(shape).map((step) => recordResult(step))];
    const session = stateOf(run([creation(shape), completion(shape), ...results]));
    expect(session.phase).toBe('completed');
    const events = run([creation(shape), completion(shape), ...results]);
    expect(events.slice(-1 - results.length).map(({ type }) => type)).toEqual([
      ...windows.map(() => 'WindowTranscribed'),
      'RecordingMerged',
      'TranscriptAssembled',
      ...(shape.kind === 'voice' ? [] : ['ImagesDescribed']),
      'EntryPolished',
      'EmotionAnalysed',
      'FeedbackWritten',
      'SessionCompleted',
    ]);
  });
  it('is dropped when it is there already, when its turn has not come, or when nobody waits for it', () => {
    given([...uploaded(), result('merge')])
      .when(recordResult('merge'))
      .thenNothing();
    given(uploaded()).when(recordResult('polish')).thenNothing();
    given(created()).when(recordResult('merge')).thenNothing();
    given(uploaded()).when(recordResult('merge', 1)).thenNothing();
    given([...uploaded(), ...given(uploaded()).when(failure(MERGE, 'permanent')).events])
      .when(recordResult('merge'))
      .thenNothing();
  });
  it('is refused for an erased session', () => {
    given([...uploaded(), { type: 'SessionErased', data: { at: later(1) } }])
      .when(recordResult('merge'))
      .thenRejected('session_not_found');
  });
  it('of the last step completes the session in the same append', () => {
    given([...transcribed, result('polish'), result('emotion')])
      .when(recordResult('feedback', 0, later(13_500)))
      .thenAppended(
        { type: 'FeedbackWritten' },
        { type: 'SessionCompleted', data: { processingMs: 2_500, without: [] } },
      );
  });
  it.each([
    ['what was waited for the upload, when that is known', { uploadWaitMs: 900 }],
    ['nothing of the wait when it is not', {}],
  ])('that completes the session says %s', (_, known) => {
    const waited = [...uploaded().slice(0, -1), uploadCompleted(2, known)];
    const events = [...waited, ...transcribed.slice(uploaded().length), result('polish'), result('emotion')];
    expect(
      given(events)
        .when(recordResult('feedback', 0, later(13_500)))
        .events.at(-1),
    ).toEqual({
      type: 'SessionCompleted',
      data: { at: later(13_500), processingMs: 2_500, without: [], ...known },
    });
  });
});

describe('a recording in which nothing was said', () => {
  it('completes with its transcript: there is nothing to polish', () => {
    const { session, events } = given([...uploaded(), result('merge')]).when(silence());
    expect(events.map(({ type }) => type)).toEqual(['TranscriptAssembled', 'SessionCompleted']);
    expect(events[1]?.data).toMatchObject({ without: [] });
    expect(session && pendingSteps(session)).toEqual([]);
  });
  it('still gets an entry of its images', () => {
    const { session, events } = given([...withImages, result('merge')]).when(silence());
    expect(events.map(({ type }) => type)).toEqual(['TranscriptAssembled']);
    const pending = (...more: RecordingEvent[]) => {
      const all = [...withImages, result('merge'), ...events, ...more];
      return pendingSteps(stateOf(all)).map(({ step }) => step);
    };
    expect(session && pending()).toEqual(['describe-images']);
    expect(pending(result('describe-images'))).toEqual(['polish']);
    given([...withImages, result('merge'), ...events, result('describe-images')])
      .when(recordResult('polish'))
      .thenAppended({ type: 'EntryPolished' }, { type: 'SessionCompleted' });
  });
  it('completes without an entry when its images cannot be described either', () => {
    const said = given([...withImages, result('merge')]).when(silence()).events;
    given([...withImages, result('merge'), ...said])
      .when(failure({ step: 'describe-images', generation: 0, attempt: 1 }, 'permanent'))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionCompleted', data: { without: ['describe-images'] } },
      );
  });
});

describe('a merge that fails', () => {
  it('leaves segments to be transcribed one by one', () => {
    const { session, events } = given(uploaded(2, { segmenting: { mode: 'segments', seconds: 5 } })).when(
      mergeFailed(),
    );
    expect(events.map(({ type }) => type)).toEqual(['MergeFailed']);
    expect(session && pendingSteps(session).map(({ step }) => step)).toEqual(['transcribe']);
  });
  it.each(['stream', 'slices'] as const)('asks the client for the whole file: %s', (mode) => {
    given(uploaded(2, { segmenting: { mode, seconds: 5 } }))
      .when(mergeFailed())
      .thenAppended(
        { type: 'MergeFailed' },
        {
          type: 'SessionFailed',
          data: { code: 'audio_unreadable', retriable: true, action: 'upload_whole_file' },
        },
      );
  });
  it('is asked about once: the whole file that cannot be read either is the end', () => {
    const asked = given(uploaded(2)).when(mergeFailed()).events;
    const fell: RecordingEvent = {
      type: 'UploadFellBack',
      data: { at: later(20_000), reason: 'audio_unreadable', expiresAt: later(9_999_999) },
    };
    const whole = [...uploaded(2), ...asked, fell, ...uploaded(1).slice(2)];
    const { session, events } = given(whole).when(mergeFailed(1));
    expect(events[1]).toEqual({
      type: 'SessionFailed',
      data: {
        at: later(12_000),
        step: 'merge',
        code: 'audio_unreadable',
        message: 'no audio could be read from what was uploaded',
        retriable: false,
      },
    });
    expect(session?.phase).toBe('failed');
  });
  it('ends there when it was the whole file', () => {
    const { events } = given(uploaded(1, { strategy: 'single' })).when(mergeFailed());
    expect(events[1]?.data).toMatchObject({ code: 'audio_unreadable', retriable: false });
    expect(events[1]?.data).not.toHaveProperty('action');
  });
});

describe('images', () => {
  it('are described while the recording is joined, and the entry waits for both', () => {
    const steps = (...events: RecordingEvent[]) => {
      const { session } = given([...withImages, ...events]).when(recordResult('merge', 9));
      return session && pendingSteps(session).map(({ step }) => step);
    };
    expect(steps()).toEqual(['merge', 'describe-images']);
    expect(steps(result('merge'), result('transcribe'))).toEqual(['describe-images', 'emotion', 'feedback']);
    expect(steps(result('merge'), result('transcribe'), result('describe-images'))).toEqual([
      'polish',
      'emotion',
      'feedback',
    ]);
  });
  it('that cannot be described are left out of the entry', () => {
    const { session, events } = given([...withImages, result('merge'), result('transcribe')]).when(
      failure({ step: 'describe-images', generation: 0, attempt: 1 }, 'input'),
    );
    expect(events.map(({ type }) => type)).toEqual(['StepAttemptFailed', 'StepFailed']);
    expect(session && pendingSteps(session).map(({ step }) => step)).toContain('polish');
  });
});
