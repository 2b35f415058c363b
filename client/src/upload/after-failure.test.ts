import { describe, expect, it } from '@jest/globals';
import { afterFailure, retryDelay } from './after-failure.ts';
import type { ActionFailure } from './happenings.ts';
import type { KeptRecording } from './kept-recording.ts';
import { newRecording } from './new-recording.ts';
import { type Action, uploadOf } from './upload.ts';

const RECORD: KeptRecording = {
  ...newRecording({
    recordingId: 'r',
    format: { mimeType: 'audio/webm', mode: 'stream', chunkSeconds: 5 },
    wanted: 'chunked',
    wallTime: 0,
  }),
  session: { sessionId: 's', strategy: 'chunked', concurrency: 2 },
};

const failure = (status: number, code: string, more: Partial<ActionFailure> = {}): ActionFailure => ({
  status,
  code,
  message: '',
  passing: false,
  ...more,
});

const wayOut = (action: Action, what: ActionFailure, rejections = 0, record: Partial<KeptRecording> = {}) =>
  afterFailure(uploadOf({ ...RECORD, ...record }, true), action, what, rejections);

const SEND: Action = { kind: 'send', index: 3 };
const COMPLETE: Action = { kind: 'complete' };

describe('the way out of a failure', () => {
  it.each<[string, Action, ActionFailure, number, object]>([
    ['the server is away', SEND, failure(503, 'away', { passing: true }), 9, { way: 'later' }],
    ['nobody is signed in', SEND, failure(401, 'token_invalid'), 0, { way: 'refused', code: 'signed_out' }],
    ['a chunk is refused', SEND, failure(422, 'chunk_mismatch'), 0, { way: 'later' }],
    ['it is refused again', SEND, failure(422, 'chunk_mismatch'), 1, { way: 'later' }],
    ['and again', SEND, failure(422, 'chunk_mismatch'), 2, { way: 'fall-back', reason: 'chunk_rejected' }],
    [
      'a chunk is too large',
      SEND,
      failure(413, 'put_refused'),
      0,
      { way: 'fall-back', reason: 'chunk_too_large' },
    ],
    [
      'there are too many chunks',
      SEND,
      failure(422, 'chunk_index_out_of_range'),
      0,
      { way: 'fall-back', reason: 'too_many_chunks' },
    ],
    [
      'the session is gone',
      SEND,
      failure(404, 'session_not_found'),
      0,
      { way: 'new-session', reason: 'session_gone', abandon: false },
    ],
    [
      'the server has sealed it',
      COMPLETE,
      failure(409, 'completed_differently'),
      0,
      { way: 'new-session', reason: 'session_sealed', abandon: true },
    ],
    [
      'chunks are missing',
      COMPLETE,
      failure(409, 'chunks_missing', { indexes: [1, 2] }),
      0,
      { way: 'resend', indexes: [1, 2] },
    ],
    [
      'they are still missing',
      COMPLETE,
      failure(409, 'chunks_missing', { indexes: [1] }),
      2,
      { way: 'fall-back', reason: 'chunks_missing' },
    ],
    [
      'a chunk is gone from the device',
      SEND,
      failure(-1, 'chunk-lost'),
      0,
      { way: 'refused', code: 'chunk_lost' },
    ],
    [
      'it is longer than the server takes',
      COMPLETE,
      failure(413, 'recording_too_large'),
      0,
      { way: 'refused', code: 'recording_too_large' },
    ],
  ])('%s', (_, action, what, rejections, expected) => {
    expect(wayOut(action, what, rejections)).toEqual(expected);
  });

  it('ends after three sessions: the recording stays on the device', () => {
    expect(wayOut(SEND, failure(404, 'session_not_found'), 0, { round: 2 })).toEqual({
      way: 'refused',
      code: 'session_gone',
    });
  });

  it('is none from the single path: what the server refuses whole is kept', () => {
    const single = { session: { sessionId: 's', strategy: 'single', concurrency: 1 } } as const;
    expect(wayOut(COMPLETE, failure(422, 'chunk_mismatch'), 0, single)).toEqual({
      way: 'refused',
      code: 'chunk_mismatch',
    });
  });
});

describe('the wait before the next try', () => {
  it('doubles from half a second to eight, jittered to 50–100 %', () => {
    const passing = failure(0, 'unreachable', { passing: true });
    expect([0, 1, 2, 3, 4, 9].map((failed) => retryDelay(failed, passing, 1))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 8_000,
    ]);
    expect(retryDelay(1, passing, 0)).toBe(500);
  });

  it('is at least what the server asks for, and at most ten minutes of it', () => {
    const asked = (retryAfterMs: number) => failure(429, 'busy', { passing: true, retryAfterMs });
    expect(retryDelay(0, asked(20_000), 0.5)).toBe(20_000);
    expect(retryDelay(0, asked(24 * 3_600_000), 0.5)).toBe(600_000);
  });
});
