import { describe, expect, it } from '@jest/globals';
import {
  created,
  later,
  received,
  recordResult,
  result,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import { failure, run, stateOf, stepsOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent } from './events.ts';
import { type StatusView, statusView } from './status.ts';

const NOW = later(12_000);
const status = (events: readonly RecordingEvent[], now = NOW): StatusView => statusView(stateOf(events), now);
const states = ({ steps }: StatusView) =>
  Object.fromEntries(Object.entries(steps).map(([step, { state }]) => [step, state]));

const results = stepsOf({ kind: 'voice' }).map((step) => recordResult(step, 0, later(14_500)));
const waited: RecordingEvent[] = [...uploaded().slice(0, -1), uploadCompleted(2, { uploadWaitMs: 700 })];
const completed = run(results, waited);
const MERGE = { step: 'merge', generation: 0, attempt: 1 } as const;

describe('the status of a session', () => {
  it('while recording names the chunks that arrived, in order', () => {
    const view = status([...created(), received(2), received(0)]);
    expect(view).toMatchObject({ state: 'recording', stage: 'recording', received: [0, 2], progress: 5 });
    expect(view.timings).toEqual({ uploadWaitMs: null, processingMs: null, totalMs: null });
    expect(view).not.toHaveProperty('failure');
    expect(view).not.toHaveProperty('coverage');
  });
  it.each<[string, RecordingEvent[], StatusView['stage']]>([
    ['nothing yet', uploaded(), 'merging'],
    ['the merge', [...uploaded(), result('merge')], 'transcribing'],
    ['the transcript', [...uploaded(), result('merge'), result('transcribe')], 'writing'],
    ['everything', completed, 'completed'],
    ['expiry', [...created(), { type: 'SessionExpired', data: { at: NOW } }], 'expired'],
    ['erasure', [...uploaded(), { type: 'SessionErased', data: { at: NOW } }], 'erased'],
  ])('after %s says at which stage it is', (_what, events, stage) => {
    expect(status(events).stage).toBe(stage);
  });
  it('says of each step whether it waits, runs, or is done', () => {
    expect(states(status([...uploaded(), result('merge')]))).toMatchObject({
      merge: 'done',
      transcribe: 'running',
      polish: 'waiting',
      emotion: 'waiting',
      feedback: 'waiting',
    });
  });
  it('says what was not needed, once completed', () => {
    expect(states(status(completed))).toEqual({
      merge: 'done',
      transcribe: 'done',
      'describe-images': 'not-needed',
      polish: 'done',
      emotion: 'done',
      feedback: 'done',
    });
  });
  it('says when a failed attempt is tried again, until then', () => {
    const failed = run([failure(MERGE, 'transient')], uploaded());
    expect(status(failed, later(12_749)).steps.merge).toEqual({
      state: 'retrying',
      failedAttempts: 1,
      retryAt: later(12_750),
      error: { code: 'provider_server_error', message: 'the provider failed (500)' },
    });
    expect(status(failed, later(12_750)).steps.merge).toEqual({
      state: 'running',
      failedAttempts: 1,
      error: { code: 'provider_server_error', message: 'the provider failed (500)' },
    });
    expect(status([...failed, result('merge')]).steps.merge).toEqual({ state: 'done', failedAttempts: 1 });
  });
  it('of a failed session says why, and whether there is a way out', () => {
    const view = status(run([failure(MERGE, 'permanent')], uploaded()));
    expect(view).toMatchObject({ state: 'failed', stage: 'failed', steps: { merge: { state: 'failed' } } });
    expect(view.failure).toEqual({
      code: 'provider_server_error',
      message: 'the provider failed (500)',
      retriable: true,
    });
    expect(states(view)).toMatchObject({ transcribe: 'waiting' });
  });
  it('says that only the client can help, when it can', () => {
    const view = status(run([failure(MERGE, 'input')], uploaded()));
    expect(view.failure).toMatchObject({ code: 'audio_unreadable', action: 'upload_whole_file' });
  });
  it('of a completed session says how long everything took', () => {
    const view = status(completed, later(99_000));
    expect(view).toMatchObject({ state: 'completed', progress: 100 });
    expect(view.timings).toEqual({ uploadWaitMs: 700, processingMs: 3_500, totalMs: 4_200 });
    expect(view.coverage).toEqual({
      capturedMs: 10_000,
      storedMs: 10_000,
      transcribedMs: 10_000,
      gaps: [],
    });
  });
  it('leaves the total unsaid when the wait is not known', () => {
    expect(status(run(results, uploaded())).timings).toEqual({
      uploadWaitMs: null,
      processingMs: 3_500,
      totalMs: null,
    });
  });
});
