import { describe, expect, it } from '@jest/globals';
import type { RecordingEvent } from '../src/recording/events.ts';
import { created as createdAt, later } from '../test/support/recording-events.ts';
import { evolveSessionRow, type SessionRowState } from './sessions.evolve.ts';

const [created] = createdAt({
  assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 5, reason: 'rollout' },
}) as [RecordingEvent, RecordingEvent];
const at = (second: number) => later(second * 1_000);
const chunk = (second: number): RecordingEvent => ({
  type: 'ChunkReceived',
  data: { at: at(second), index: 0, key: 'k', bytes: 1, sha256: 'ab' },
});
const uploaded: RecordingEvent = {
  type: 'UploadCompleted',
  data: { at: at(10), by: 'client', chunks: 1, bytes: 1, images: [] },
};
const gaveUp: RecordingEvent = {
  type: 'StepFailed',
  data: { at: at(20), step: 'transcribe', generation: 0, code: 'timeout', message: 'too long', attempts: 5 },
};
const failed = (retriable: boolean): RecordingEvent => ({
  type: 'SessionFailed',
  data: { at: at(20), code: 'timeout', message: 'too long', retriable, step: 'transcribe' },
});
const requeued: RecordingEvent = { type: 'StepRequeued', data: { at: at(30), step: 'transcribe' } };
const fold = (...events: RecordingEvent[]) => events.reduce<SessionRowState | null>(evolveSessionRow, null);

describe('the list of sessions', () => {
  it('has a session from its creation on, with its arm', () => {
    expect(fold(created)).toMatchObject({
      state: 'recording',
      variant: 'chunked',
      reason: 'rollout',
      createdAt: at(0),
    });
  });

  it('is not written for every chunk, and still says that the upload goes on', () => {
    const row = fold(created);
    expect(evolveSessionRow(row, chunk(59))).toBe(row);
    expect(evolveSessionRow(row, chunk(60))?.changedAt).toBe(at(60));
  });

  it('shows what was given up as a dead letter until it is requeued', () => {
    const dead = fold(created, uploaded, gaveUp, failed(true));
    expect(dead).toMatchObject({ state: 'failed', isDeadLetter: true, deadSteps: { transcribe: 'timeout' } });
    expect(fold(created, uploaded, gaveUp, failed(true), requeued)).toMatchObject({
      state: 'processing',
      isDeadLetter: false,
      deadSteps: {},
      failure: null,
    });
  });

  it('calls nothing a dead letter that only another upload could mend', () => {
    expect(fold(created, uploaded, gaveUp, failed(false))).toMatchObject({
      state: 'failed',
      isDeadLetter: false,
    });
  });

  it('sums the gaps of its transcript, and forgets an erased session', () => {
    const gaps = [{ startMs: 0, endMs: 1_500, reason: 'not_understood' }];
    const transcript: RecordingEvent = {
      type: 'TranscriptAssembled',
      data: {
        at: at(15),
        generation: 0,
        key: 'k',
        bytes: 1,
        sha256: 'ab',
        characters: 3,
        coverage: { capturedMs: 3_000, storedMs: 3_000, transcribedMs: 1_500, gaps },
      },
    };
    expect(fold(created, uploaded, transcript)?.gapMs).toBe(1_500);
    expect(fold(created, uploaded, { type: 'SessionErased', data: { at: at(40) } }, transcript)).toBeNull();
  });
});
