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
import type { RecordFailure, StepError } from './commands.ts';
import type { RecordingEvent, StepName } from './events.ts';
import { DEFAULT_LIMITS } from './limits.ts';
import { pendingSteps } from './pending-steps.ts';

const transcribed: RecordingEvent[] = [...uploaded(), result('merge'), result('transcribe')];

const fail = (
  step: StepName,
  kind: StepError['kind'],
  overrides: Partial<RecordFailure> = {},
): RecordFailure => ({
  type: 'RecordFailure',
  step,
  generation: 0,
  attempt: 1,
  error: { kind, code: 'provider_server_error', message: 'the provider failed (500)' },
  random: 1,
  now: later(12_000),
  ...overrides,
});

/** The failures so far, as events. */
const failedBefore = (step: StepName, attempts: number, overrides: object = {}): RecordingEvent[] =>
  Array.from({ length: attempts }, (_, index) => ({
    type: 'StepAttemptFailed',
    data: {
      at: later(12_000),
      step,
      generation: 0,
      attempt: index + 1,
      code: 'x',
      message: '',
      outage: false,
      retryAt: later(13_000),
      ...overrides,
    },
  }));

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
  it('is dropped when it is there already, when its turn has not come, or when nobody waits for it', () => {
    given([...uploaded(), result('merge')])
      .when(recordResult('merge'))
      .thenNothing();
    given(uploaded()).when(recordResult('polish')).thenNothing();
    given(created()).when(recordResult('merge')).thenNothing();
    given(uploaded()).when(recordResult('merge', 1)).thenNothing();
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
  it('of a transcript without a word completes it at once: there is nothing to polish', () => {
    const silence = result('transcribe');
    if (silence.type !== 'TranscriptAssembled') throw new Error('not a transcript');
    const command = {
      ...recordResult('transcribe'),
      results: [{ ...silence, data: { ...silence.data, characters: 0 } }],
    };
    given([...uploaded(), result('merge')])
      .when(command)
      .thenAppended({ type: 'TranscriptAssembled' }, { type: 'SessionCompleted' });
  });
});

describe('a merge that fails', () => {
  const mergeFailed = {
    ...recordResult('merge'),
    results: [
      { type: 'MergeFailed' as const, data: { at: later(12_000), generation: 0, reason: 'unreadable' } },
    ],
  };
  it('leaves segments to be transcribed one by one', () => {
    const { session, events } = given(uploaded(2, { segmenting: { mode: 'segments', seconds: 5 } })).when(
      mergeFailed,
    );
    expect(events.map(({ type }) => type)).toEqual(['MergeFailed']);
    expect(session && pendingSteps(session).map(({ step }) => step)).toEqual(['transcribe']);
  });
  it.each(['stream', 'slices'] as const)('asks the client for the whole file: %s', (mode) => {
    given(uploaded(2, { segmenting: { mode, seconds: 5 } }))
      .when(mergeFailed)
      .thenAppended(
        { type: 'MergeFailed' },
        {
          type: 'SessionFailed',
          data: { code: 'audio_unreadable', retriable: true, action: 'upload_whole_file' },
        },
      );
  });
  it('ends there when it was the whole file', () => {
    const { events } = given(uploaded(1, { strategy: 'single' })).when(mergeFailed);
    expect(events[1]?.data).toMatchObject({ code: 'audio_unreadable', retriable: false });
    expect(events[1]?.data).not.toHaveProperty('action');
  });
});

describe('a failed attempt', () => {
  it.each([
    [0, 1_000],
    [1, 2_000],
  ])('after %i others is tried again after %i ms', (before, delay) => {
    given([...uploaded(), ...failedBefore('merge', before)])
      .when(fail('merge', 'transient', { attempt: before + 1 }))
      .thenAppended({
        type: 'StepAttemptFailed',
        data: { attempt: before + 1, retryAt: later(12_000 + delay) },
      });
  });
  it('waits at least half of that, by chance', () => {
    given(uploaded())
      .when(fail('merge', 'transient', { random: 0 }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(12_500) } });
  });
  it('waits as long as the provider asks', () => {
    const error: StepError = {
      kind: 'outage',
      code: 'provider_rate_limited',
      message: '',
      retryAfterMs: 27_000,
    };
    given(uploaded())
      .when(fail('merge', 'outage', { error }))
      .thenAppended({ type: 'StepAttemptFailed', data: { outage: true, retryAt: later(39_000) } });
  });
  it('is the last when it is the third: the session fails, and may be retried', () => {
    given([...uploaded(), ...failedBefore('merge', 2)])
      .when(fail('merge', 'transient', { attempt: 3 }))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed', data: { step: 'merge', attempts: 3 } },
        { type: 'SessionFailed', data: { code: 'provider_server_error', retriable: true } },
      );
  });
  it('is the last when trying again cannot heal it', () => {
    given(uploaded())
      .when(fail('merge', 'permanent'))
      .thenAppended({ type: 'StepAttemptFailed' }, { type: 'StepFailed' }, { type: 'SessionFailed' });
  });
  it('costs no try when the provider is away, until patience ends', () => {
    const away = failedBefore('merge', 20, { outage: true });
    const { patienceMs } = DEFAULT_LIMITS.retry;
    given([...uploaded(), ...away])
      .when(fail('merge', 'outage', { attempt: 21, now: later(60_000) }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(70_000) } });
    given([...uploaded(), ...away])
      .when(fail('merge', 'outage', { attempt: 21, now: later(12_000 + patienceMs) }))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionFailed', data: { retriable: true } },
      );
  });
  it('still has its three tries after an outage', () => {
    given([...uploaded(), ...failedBefore('merge', 5, { outage: true })])
      .when(fail('merge', 'transient', { attempt: 6 }))
      .thenAppended({ type: 'StepAttemptFailed', data: { retryAt: later(22_000) } });
  });
  it('for what was uploaded asks for the whole file', () => {
    given([...uploaded(), result('merge')])
      .when(fail('transcribe', 'input'))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionFailed', data: { code: 'audio_unreadable', action: 'upload_whole_file' } },
      );
  });
  it('is dropped when it comes twice or late', () => {
    given([...uploaded(), ...failedBefore('merge', 1)])
      .when(fail('merge', 'transient'))
      .thenNothing();
    given([...uploaded(), result('merge')])
      .when(fail('merge', 'transient'))
      .thenNothing();
  });
  it.each(['emotion', 'feedback'] as const)('of %s does not fail the entry', (step) => {
    const others = (['polish', 'emotion', 'feedback'] as const).filter((other) => other !== step);
    given([...transcribed, ...others.map((other) => result(other))])
      .when(fail(step, 'permanent'))
      .thenAppended(
        { type: 'StepAttemptFailed' },
        { type: 'StepFailed' },
        { type: 'SessionCompleted', data: { without: [step] } },
      );
  });
});

describe('images', () => {
  const image = { index: 0, key: 'x', bytes: 1, sha256: 'y' };
  const withImages: RecordingEvent[] = [
    ...uploaded(1, { kind: 'voice-with-images', images: [{ mimeType: 'image/jpeg' }] }).slice(0, -1),
    uploadCompleted(1, { images: [image] }),
  ];
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
      fail('describe-images', 'input'),
    );
    expect(events.map(({ type }) => type)).toEqual(['StepAttemptFailed', 'StepFailed']);
    expect(session && pendingSteps(session).map(({ step }) => step)).toContain('polish');
  });
});

describe('a person’s retry', () => {
  const retry = { type: 'RetrySession' as const, now: later(60_000) };
  const mergeGivenUp: RecordingEvent[] = given(uploaded()).when(fail('merge', 'permanent')).events.slice();
  it('takes up what was given up, in a new generation', () => {
    const { session } = given([...uploaded(), ...mergeGivenUp]).when(retry);
    expect(session?.phase).toBe('processing');
    expect(session && pendingSteps(session)).toEqual([{ step: 'merge', generation: 1, attempt: 1 }]);
    given([...uploaded(), ...mergeGivenUp, { type: 'StepRequeued', data: { at: later(1), step: 'merge' } }])
      .when(recordResult('merge', 0))
      .thenNothing();
  });
  it('brings a missing enrichment to a completed session, which stays completed', () => {
    const completed = [...transcribed, result('polish'), result('emotion')];
    const events = [...completed, ...given(completed).when(fail('feedback', 'permanent')).events];
    const { session } = given(events).when(retry);
    expect(session?.phase).toBe('completed');
    expect(session && pendingSteps(session).map(({ step }) => step)).toEqual(['feedback']);
  });
  it('is refused when nothing can be mended, and is no news while it is being done', () => {
    given(uploaded()).when(retry).thenNothing();
    given(created()).when(retry).thenRejected('not_retriable');
    given([
      ...transcribed,
      result('polish'),
      result('emotion'),
      result('feedback'),
      { type: 'SessionCompleted', data: { at: later(1), processingMs: 1, without: [] } },
    ])
      .when(retry)
      .thenRejected('not_retriable');
  });
});
