import { describe, expect, it } from '@jest/globals';
import { created as createdAt, later } from '../../test/support/recording-events.ts';
import type { RecordingEvent } from './events.ts';
import { spans } from './timeline.ts';

const [created] = createdAt() as [RecordingEvent, RecordingEvent];
const at = (second: number) => later(second * 1_000);
const object = { generation: 0, key: 'k', bytes: 1, sha256: 'ab' };
const uploaded: RecordingEvent = {
  type: 'UploadCompleted',
  data: { at: at(10), by: 'client', chunks: 1, bytes: 1, images: [] },
};
const merged: RecordingEvent = {
  type: 'RecordingMerged',
  data: { at: at(11), ...object, mimeType: 'audio/wav', durationMs: 9_000, how: 'as-is', truncated: false },
};
const transcribed: RecordingEvent = {
  type: 'TranscriptAssembled',
  data: {
    at: at(14),
    ...object,
    characters: 3,
    coverage: { capturedMs: 9_000, storedMs: 9_000, transcribedMs: 9_000, gaps: [] },
  },
};
const attemptFailed: RecordingEvent = {
  type: 'StepAttemptFailed',
  data: {
    at: at(12),
    step: 'transcribe',
    generation: 0,
    attempt: 1,
    code: 'timeout',
    message: '',
    outage: false,
  },
};
const [windows] = createdAt({ segmenting: { mode: 'stream', seconds: 5 } }) as [RecordingEvent];
const sessionFailed = (second: number): RecordingEvent => ({
  type: 'SessionFailed',
  data: { at: at(second), step: 'transcribe', code: 'x', message: '', retriable: true },
});
const requeued = (second: number): RecordingEvent => ({
  type: 'StepRequeued',
  data: { at: at(second), step: 'transcribe' },
});
/** The same at another time. */
const moved = (event: RecordingEvent, second: number) =>
  ({ ...event, data: { ...event.data, at: at(second) } }) as RecordingEvent;
const shown = (...events: RecordingEvent[]) =>
  spans(events).map(({ name, startedAt, endedAt, outcome, failedAttempts }) => [
    name,
    new Date(startedAt).getUTCSeconds(),
    endedAt === null ? null : new Date(endedAt).getUTCSeconds(),
    outcome,
    failedAttempts,
  ]);

describe('the spans of a session', () => {
  it('follow one another, a step from where it may begin', () => {
    expect(shown(created, uploaded, merged, attemptFailed, transcribed)).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['merge', 10, 11, 'done', 0],
      ['transcribe', 11, 14, 'done', 1],
      ['polish', 14, null, 'open', 0],
      ['emotion', 14, null, 'open', 0],
      ['feedback', 14, null, 'open', 0],
    ]);
  });

  it('of windows begin to be waited for at stop, and what a failure stops goes on when it is requeued', () => {
    const failedAt = { at: at(20), step: 'transcribe' as const, code: 'x', message: '' };
    const gaveUp: RecordingEvent[] = [
      { type: 'StepFailed', data: { ...failedAt, part: 0, generation: 0, attempts: 3 } },
      { type: 'SessionFailed', data: { ...failedAt, retriable: true } },
    ];
    expect(shown(windows, uploaded, ...gaveUp)).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['transcribe', 10, 20, 'failed', 0],
      ['merge', 10, 20, 'stopped', 0],
    ]);
    expect(shown(windows, uploaded, ...gaveUp, requeued(30)).slice(3)).toEqual([
      ['transcribe', 30, null, 'open', 0],
      ['merge', 30, null, 'open', 0],
    ]);
  });

  it('begin a requeued step anew', () => {
    const gaveUp: RecordingEvent = {
      type: 'StepFailed',
      data: { at: at(20), step: 'transcribe', generation: 0, code: 'timeout', message: '', attempts: 5 },
    };
    expect(shown(created, uploaded, merged, gaveUp, requeued(30)).slice(2)).toEqual([
      ['transcribe', 11, 20, 'failed', 0],
      ['transcribe', 30, null, 'open', 0],
    ]);
  });

  it('given a recording that could not be joined have that failure, and nothing that waits for it', () => {
    const apart: RecordingEvent = {
      type: 'MergeFailed',
      data: { at: at(12), generation: 0, reason: 'unreadable' },
    };
    expect(shown(created, uploaded, apart)).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['merge', 10, 12, 'failed', 0],
    ]);
  });

  it('given windows and a fallback begin with a second recording, whose transcript waits for its merge', () => {
    const fellBack: RecordingEvent = {
      type: 'UploadFellBack',
      data: { at: at(20), reason: 'x', expiresAt: at(50) },
    };
    expect(shown(windows, uploaded, fellBack)).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['recording', 20, null, 'open', 0],
    ]);
    expect(
      shown(windows, uploaded, fellBack, moved(merged, 25), moved(uploaded, 30), moved(merged, 31)).slice(1),
    ).toEqual([
      ['recording', 20, 30, 'done', 0],
      ['merge', 30, 31, 'done', 0],
      ['transcribe', 31, null, 'open', 0],
    ]);
  });

  it('given a reopened upload begin with a second recording, and windows are heard meanwhile as before', () => {
    const reopened: RecordingEvent = { type: 'UploadReopened', data: { at: at(20) } };
    expect(shown(windows, uploaded, reopened, moved(uploaded, 30))).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['recording', 20, 30, 'done', 0],
      ['merge', 30, null, 'open', 0],
      ['transcribe', 30, null, 'open', 0],
    ]);
  });

  it('count a failed attempt with its own step', () => {
    const failed = {
      ...attemptFailed,
      data: { ...attemptFailed.data, at: at(15), step: 'emotion' },
    } as RecordingEvent;
    expect(shown(created, uploaded, merged, transcribed, failed).slice(3)).toEqual([
      ['polish', 14, null, 'open', 0],
      ['emotion', 14, null, 'open', 1],
      ['feedback', 14, null, 'open', 0],
    ]);
  });

  it('given images begin to describe them at stop, and stand in the order in which they began', () => {
    const [withImages] = createdAt({ images: [{ mimeType: 'image/jpeg' }] }) as [RecordingEvent];
    const described: RecordingEvent = {
      type: 'ImagesDescribed',
      data: { at: at(20), ...object, images: 1 },
    };
    expect(shown(withImages, uploaded, merged, transcribed, described).slice(0, 4)).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['merge', 10, 11, 'done', 0],
      ['describe-images', 10, 20, 'done', 0],
      ['transcribe', 11, 14, 'done', 0],
    ]);
  });

  it('given a step that was stopped itself and is requeued begin it once', () => {
    expect(shown(created, uploaded, merged, sessionFailed(20), requeued(30)).slice(2)).toEqual([
      ['transcribe', 11, 20, 'stopped', 0],
      ['transcribe', 30, null, 'open', 0],
    ]);
  });

  it('given a second failure go on with what that one stopped, and not with what an earlier one had', () => {
    const again = [sessionFailed(20), requeued(30), moved(merged, 31), sessionFailed(40), requeued(50)];
    expect(shown(windows, uploaded, ...again)).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['merge', 10, 20, 'stopped', 0],
      ['transcribe', 10, 20, 'stopped', 0],
      ['merge', 30, 31, 'done', 0],
      ['transcribe', 30, 40, 'stopped', 0],
      ['transcribe', 50, null, 'open', 0],
    ]);
  });

  it('given a step that was done in the moment of the failure do not begin it again', () => {
    expect(shown(windows, uploaded, moved(merged, 20), sessionFailed(20), requeued(30))).toEqual([
      ['recording', 0, 10, 'done', 0],
      ['merge', 10, 20, 'done', 0],
      ['transcribe', 10, 20, 'stopped', 0],
      ['transcribe', 30, null, 'open', 0],
    ]);
  });

  it('given a session that completed or was erased leave nothing open', () => {
    const completed: RecordingEvent = {
      type: 'SessionCompleted',
      data: { at: at(20), processingMs: 10_000, without: ['emotion', 'feedback'] },
    };
    const erased: RecordingEvent = { type: 'SessionErased', data: { at: at(20) } };
    for (const last of [completed, erased])
      expect(shown(created, uploaded, merged, transcribed, last)).toEqual([
        ['recording', 0, 10, 'done', 0],
        ['merge', 10, 11, 'done', 0],
        ['transcribe', 11, 14, 'done', 0],
      ]);
  });

  it('given no events, or none of a beginning, are those that can be told', () => {
    expect(shown()).toEqual([]);
    expect(shown({ type: 'UploadReopened', data: { at: at(5) } }, uploaded)).toEqual([
      ['recording', 5, 10, 'done', 0],
      ['merge', 10, null, 'open', 0],
    ]);
  });

  it('end with a session that expired', () => {
    expect(shown(created, { type: 'SessionExpired', data: { at: at(40) } })).toEqual([
      ['recording', 0, 40, 'failed', 0],
    ]);
  });
});
