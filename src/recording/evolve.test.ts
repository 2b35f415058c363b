import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  create,
  created,
  hash,
  later,
  received,
  result,
  SESSION,
  stored,
  T0,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import { stateOf } from '../../test/support/recording-runs.ts';
import { type RecordingEvent, type RecordingEventType, STEPS, type StepName } from './events.ts';
import { evolve, fold } from './evolve.ts';
import { hasEnded } from './session.ts';

const at = later(12_000);

/** One of each: a type without an example here does not compile. */
const EXAMPLES: { [T in RecordingEventType]: Extract<RecordingEvent, { type: T }> } = {
  SessionCreated: { type: 'SessionCreated', data: { ...create().data, at: T0, requestSha256: hash(1) } },
  UploadAuthorized: { type: 'UploadAuthorized', data: { at, fromIndex: 0, toIndex: 11 } },
  ChunkReceived: {
    type: 'ChunkReceived',
    data: {
      at,
      index: 0,
      ...stored(0),
      startMs: 0,
      endMs: 5_000,
      levels: [-30.5],
      uploadMs: 90,
      attempts: 1,
    },
  },
  ChunkRejected: { type: 'ChunkRejected', data: { at, index: 0, reason: 'checksum' } },
  UploadFellBack: { type: 'UploadFellBack', data: { at, reason: 'x', expiresAt: later(99_000) } },
  UploadReopened: { type: 'UploadReopened', data: { at } },
  UploadCompleted: {
    type: 'UploadCompleted',
    data: {
      at,
      by: 'client',
      chunks: 1,
      bytes: 40_000,
      images: [{ index: 0, key: 'i', bytes: 5, sha256: hash(2) }],
      durationMs: 5_000,
      uploadWaitMs: 300,
    },
  },
  RecordingMerged: result('merge') as Extract<RecordingEvent, { type: 'RecordingMerged' }>,
  MergeFailed: { type: 'MergeFailed', data: { at, generation: 0, reason: 'unreadable' } },
  WindowTranscribed: {
    type: 'WindowTranscribed',
    data: { at, generation: 0, ...stored(0), units: 40, window: 0, startMs: 0, endMs: 15_000 },
  },
  ParagraphPolished: {
    type: 'ParagraphPolished',
    data: { at, generation: 0, ...stored(0), units: 90, paragraph: 0, asSpoken: false },
  },
  TranscriptAssembled: result('transcribe') as Extract<RecordingEvent, { type: 'TranscriptAssembled' }>,
  ImagesDescribed: result('describe-images') as Extract<RecordingEvent, { type: 'ImagesDescribed' }>,
  EntryPolished: result('polish') as Extract<RecordingEvent, { type: 'EntryPolished' }>,
  EmotionAnalysed: result('emotion') as Extract<RecordingEvent, { type: 'EmotionAnalysed' }>,
  FeedbackWritten: result('feedback') as Extract<RecordingEvent, { type: 'FeedbackWritten' }>,
  StepAttemptFailed: {
    type: 'StepAttemptFailed',
    data: {
      at,
      step: 'merge',
      generation: 0,
      attempt: 1,
      code: 'provider_timeout',
      message: 'no answer in time',
      outage: true,
      retryAt: later(13_000),
    },
  },
  StepFailed: {
    type: 'StepFailed',
    data: { at, step: 'merge', generation: 0, code: 'provider_timeout', message: 'm', attempts: 3 },
  },
  StepRequeued: { type: 'StepRequeued', data: { at, step: 'merge' } },
  SessionCompleted: {
    type: 'SessionCompleted',
    data: { at, uploadWaitMs: 300, processingMs: 1_000, without: ['emotion'] },
  },
  SessionFailed: {
    type: 'SessionFailed',
    data: {
      at,
      step: 'merge',
      code: 'audio_unreadable',
      message: 'm',
      retriable: true,
      action: 'upload_whole_file',
    },
  },
  SessionExpired: { type: 'SessionExpired', data: { at } },
  SessionErased: { type: 'SessionErased', data: { at } },
};
const examples = Object.values(EXAMPLES);

const anyEvent: fc.Arbitrary<RecordingEvent> = fc
  .tuple(fc.constantFrom(...examples), fc.constantFrom(...STEPS), fc.nat(3_600_000))
  .map(([event, step, milliseconds]) => {
    const data = { ...event.data, at: later(milliseconds) };
    return { type: event.type, data: 'step' in data ? { ...data, step } : data } as RecordingEvent;
  });

describe('the fold', () => {
  it('of nothing is nothing, and begins with SessionCreated', () => {
    expect(fold([])).toBeNull();
    expect(fold(examples.filter(({ type }) => type !== 'SessionCreated'))).toBeNull();
    expect(fold([EXAMPLES.SessionCreated])).toMatchObject({ sessionId: SESSION, phase: 'recording' });
  });

  it.each(examples.map((event) => [event.type, event] as const))(
    'of %s is the same after a way through JSON',
    (_type, event) => {
      const again: RecordingEvent = JSON.parse(JSON.stringify(event));
      expect(again).toEqual(event);
      for (const before of [[], created(), uploaded(1)])
        expect(fold([...before, again])).toEqual(fold([...before, event]));
    },
  );

  it('keeps what was stored of a chunk and how loud it is, not how it came', () => {
    const session = stateOf([...created(), EXAMPLES.ChunkReceived]);
    const { levels } = EXAMPLES.ChunkReceived.data;
    expect([...session.chunks]).toEqual([[0, { index: 0, ...stored(0), startMs: 0, endMs: 5_000, levels }]]);
  });

  it('does not change the state it started from', () => {
    const before = stateOf([...created(), received(0)]);
    const copy = structuredClone(before);
    for (const event of examples) evolve(before, event);
    expect(before).toEqual(copy);
  });

  it('counts failed attempts and those that were outages, and when the first was', () => {
    const { StepAttemptFailed: first } = EXAMPLES;
    const second = { ...first.data, attempt: 2, outage: false, at: later(20_000), retryAt: later(22_000) };
    const session = stateOf([...uploaded(), first, { type: 'StepAttemptFailed', data: second }]);
    expect(session.steps.merge).toEqual({
      generation: 0,
      outcome: 'open',
      attempts: 2,
      outages: 1,
      firstFailedAt: at,
      retryAt: later(22_000),
      error: { code: 'provider_timeout', message: 'no answer in time' },
    });
  });

  it('of a requeue is a fresh step of the next generation', () => {
    const { StepAttemptFailed, StepFailed, StepRequeued } = EXAMPLES;
    const session = stateOf([...uploaded(), StepAttemptFailed, StepFailed, StepRequeued]);
    expect(session.steps.merge).toEqual({ generation: 1, outcome: 'open', attempts: 0, outages: 0 });
  });
});

describe('what a requeue forgets', () => {
  const processing = [EXAMPLES.SessionCreated, EXAMPLES.ChunkReceived, EXAMPLES.UploadCompleted];
  const heard = (window: number, gap?: string): RecordingEvent => ({
    type: 'WindowTranscribed',
    data: { ...EXAMPLES.WindowTranscribed.data, window, ...(gap === undefined ? {} : { gap }) },
  });
  const requeued = (step: StepName): RecordingEvent => ({ type: 'StepRequeued', data: { at, step } });
  const foldAfter = (...events: RecordingEvent[]) => fold([...processing, ...events]);

  it('are the windows that were not understood, when the transcript is tried again', () => {
    const all = [heard(0), heard(1, 'provider_timeout')];
    expect([...(foldAfter(...all, requeued('transcribe'))?.windows.keys() ?? [])]).toEqual([0]);
    expect([...(foldAfter(...all, requeued('feedback'))?.windows.keys() ?? [])]).toEqual([0, 1]);
  });

  it('is that the parts could not be joined, when that is tried again, and only then', () => {
    const failed = EXAMPLES.MergeFailed;
    expect(foldAfter(failed)?.mergeFailed).toEqual({ reason: 'unreadable' });
    expect(foldAfter(failed, requeued('transcribe'))?.mergeFailed).toEqual({ reason: 'unreadable' });
    expect(foldAfter(failed, requeued('merge'))).not.toHaveProperty('mergeFailed');
    expect(foldAfter(EXAMPLES.RecordingMerged, requeued('transcribe'))).not.toHaveProperty('mergeFailed');
  });

  it('keeps what a window and a paragraph came to', () => {
    const { windows, paragraphs, parts } = foldAfter(heard(0), EXAMPLES.ParagraphPolished) ?? {};
    const { bytes, sha256, key } = EXAMPLES.WindowTranscribed.data;
    expect(windows?.get(0)).toEqual({ key, bytes, sha256, units: 40, startMs: 0, endMs: 15_000 });
    expect(paragraphs?.get(0)).toEqual({ key, bytes, sha256, units: 90 });
    expect(parts).toBeDefined();
  });
});

describe('a fallback in the fold', () => {
  const image = { index: 0, key: 'i', bytes: 5, sha256: hash(2) };
  const withImages = [
    ...uploaded(2, { kind: 'voice-with-images', images: [{ mimeType: 'image/jpeg' }] }).slice(0, -1),
    uploadCompleted(2, { images: [image] }),
  ];
  const failed = EXAMPLES.SessionFailed;
  const fell = EXAMPLES.UploadFellBack;

  it('forgets everything that came of the chunks', () => {
    const results = STEPS.filter((step) => step !== 'describe-images').map((step) => result(step));
    const session = stateOf([...withImages, ...results, failed, fell]);
    expect(session).toMatchObject({ phase: 'recording', strategy: 'single', expiresAt: later(99_000) });
    expect(session.chunks.size).toBe(0);
    for (const left of ['upload', 'merged', 'transcript', 'entry', 'emotion', 'feedback', 'failure'])
      expect(session).not.toHaveProperty(left);
    for (const step of ['merge', 'transcribe', 'polish', 'emotion', 'feedback'] as const)
      expect(session.steps[step]).toEqual({ generation: 1, outcome: 'open', attempts: 0, outages: 0 });
  });

  it('keeps what became of the images, and begins them anew when nothing did', () => {
    const described = stateOf([...withImages, result('describe-images'), failed, fell]);
    expect(described.steps['describe-images']).toMatchObject({ generation: 0, outcome: 'done' });
    expect(described.imageDescriptions).toBeDefined();
    const open = stateOf([...withImages, failed, fell]);
    expect(open.steps['describe-images']).toMatchObject({ generation: 1, outcome: 'open' });
  });
});

describe('the end of a session in the fold', () => {
  const ends = [EXAMPLES.SessionCompleted, EXAMPLES.SessionExpired, EXAMPLES.SessionErased];
  it.each(ends.map((end) => [end.type, end] as const))('is not undone by any event: %s', (_type, end) => {
    const ended = stateOf([...uploaded(), end]);
    for (const event of examples) {
      const after = evolve(ended, event);
      expect(after?.phase).toBe(event.type === 'SessionErased' ? 'erased' : ended.phase);
    }
  });

  it('of erasure is the last state there is', () => {
    const erased = stateOf([...uploaded(), EXAMPLES.SessionErased]);
    for (const event of examples) expect(evolve(erased, event)).toBe(erased);
  });
});

describe('any sequence of events (1000 runs)', () => {
  it('folds without an error, whatever its order, and ends only once', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let session = evolve(null, EXAMPLES.SessionCreated);
        for (const event of events) {
          const ended = session !== null && hasEnded(session);
          session = evolve(session, event);
          expect(session).not.toBeNull();
          if (session === null) return;
          if (ended) expect(hasEnded(session)).toBe(true);
          expect(session.progressFloor).toBeGreaterThanOrEqual(0);
          expect(session.progressFloor).toBeLessThanOrEqual(100);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
