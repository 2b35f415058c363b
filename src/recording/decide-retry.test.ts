import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import { created, later, recordResult, result, uploaded } from '../../test/support/recording-events.ts';
import { failure, mergeFailed } from '../../test/support/recording-runs.ts';
import type { RecordingEvent, StepName } from './events.ts';
import { pendingSteps } from './pending-steps.ts';

const transcribed: RecordingEvent[] = [...uploaded(), result('merge'), result('transcribe')];

const requeued = (step: StepName): RecordingEvent => ({
  type: 'StepRequeued',
  data: { at: later(60_000), step },
});

describe('a person’s retry', () => {
  const retry = { type: 'RetrySession' as const, now: later(60_000) };
  const mergeGivenUp: RecordingEvent[] = given(uploaded())
    .when(failure({ step: 'merge', generation: 0, attempt: 1 }, 'permanent'))
    .events.slice();
  it('takes up what was given up, in a new generation', () => {
    const { session } = given([...uploaded(), ...mergeGivenUp]).when(retry);
    expect(session?.phase).toBe('processing');
    expect(session && pendingSteps(session)).toEqual([{ step: 'merge', generation: 1, attempt: 1 }]);
    given([...uploaded(), ...mergeGivenUp, requeued('merge')])
      .when(recordResult('merge', 0))
      .thenNothing();
  });
  it('brings a missing enrichment to a completed session, which stays completed', () => {
    const completed = [...transcribed, result('polish'), result('emotion')];
    const events = [
      ...completed,
      ...given(completed).when(failure({ step: 'feedback', generation: 0, attempt: 1 }, 'permanent')).events,
    ];
    const { session } = given(events).when(retry);
    expect(session?.phase).toBe('completed');
    expect(session && pendingSteps(session).map(({ step }) => step)).toEqual(['feedback']);
  });
  it('is no news when it was asked for before', () => {
    given([...uploaded(), ...mergeGivenUp, requeued('merge')])
      .when(retry)
      .thenNothing();
    const completed = [...transcribed, result('polish'), result('emotion')];
    const without = [
      ...completed,
      ...given(completed).when(failure({ step: 'feedback', generation: 0, attempt: 1 }, 'permanent')).events,
    ];
    given([...without, requeued('feedback')])
      .when(retry)
      .thenNothing();
  });
  it('takes up everything at once, and lets steps that were on their way begin anew', () => {
    const failed = [
      ...transcribed,
      ...given(transcribed).when(failure({ step: 'emotion', generation: 0, attempt: 1 }, 'permanent')).events,
    ];
    const both = [
      ...failed,
      ...given(failed).when(failure({ step: 'polish', generation: 0, attempt: 1 }, 'permanent')).events,
    ];
    const { session } = given(both).when(retry);
    given(both)
      .when(retry)
      .thenAppended(
        { type: 'StepRequeued', data: { step: 'polish' } },
        { type: 'StepRequeued', data: { step: 'emotion' } },
      );
    expect(session && pendingSteps(session)).toEqual([
      { step: 'polish', generation: 1, attempt: 1 },
      { step: 'emotion', generation: 1, attempt: 1 },
      { step: 'feedback', generation: 1, attempt: 1 },
    ]);
  });
  it('joins chunks again that could not be joined, though the whole file was asked for', () => {
    const failed = [...uploaded(), ...given(uploaded()).when(mergeFailed()).events];
    const { session } = given(failed).when(retry);
    expect(session && pendingSteps(session)).toEqual([{ step: 'merge', generation: 1, attempt: 1 }]);
    expect(session?.mergeFailed).toBeUndefined();
    given([...failed, requeued('merge')])
      .when(recordResult('merge', 1))
      .thenAppended({ type: 'RecordingMerged' });
  });
  it('completes the session once it heals, and ends as if nothing had been', () => {
    const { session } = given([
      ...transcribed,
      ...given(transcribed).when(failure({ step: 'polish', generation: 0, attempt: 1 }, 'permanent')).events,
      requeued('polish'),
      result('emotion', 1),
      result('feedback', 1),
    ]).when(recordResult('polish', 1));
    expect(session).toMatchObject({ phase: 'completed' });
    expect(session?.failure).toBeUndefined();
  });
  it('of an enrichment that comes late changes nothing but the enrichment', () => {
    const completed = [...transcribed, result('polish'), result('emotion')];
    const without = [
      ...completed,
      ...given(completed).when(failure({ step: 'feedback', generation: 0, attempt: 1 }, 'permanent')).events,
    ];
    const { session, events } = given([...without, requeued('feedback')]).when(
      recordResult('feedback', 1, later(90_000)),
    );
    expect(events.map(({ type }) => type)).toEqual(['FeedbackWritten']);
    expect(session).toMatchObject({ phase: 'completed', endedAt: later(12_000) });
    given([...without, requeued('feedback')])
      .when(failure({ step: 'feedback', generation: 1, attempt: 1 }, 'permanent'))
      .thenAppended({ type: 'StepAttemptFailed' }, { type: 'StepFailed' });
  });
  it('is refused when only another upload could help', () => {
    const single = uploaded(1, { strategy: 'single' });
    given([...single, ...given(single).when(mergeFailed()).events])
      .when(retry)
      .thenRejected('not_retriable');
    given([...created(), { type: 'SessionExpired', data: { at: later(1) } }])
      .when(retry)
      .thenRejected('not_retriable');
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
