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
    const [windows] = createdAt({ segmenting: { mode: 'stream', seconds: 5 } }) as [RecordingEvent];
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
    const requeued: RecordingEvent = { type: 'StepRequeued', data: { at: at(30), step: 'transcribe' } };
    expect(shown(windows, uploaded, ...gaveUp, requeued).slice(3)).toEqual([
      ['transcribe', 30, null, 'open', 0],
      ['merge', 30, null, 'open', 0],
    ]);
  });

  it('begin a requeued step anew', () => {
    const gaveUp: RecordingEvent = {
      type: 'StepFailed',
      data: { at: at(20), step: 'transcribe', generation: 0, code: 'timeout', message: '', attempts: 5 },
    };
    const requeued: RecordingEvent = { type: 'StepRequeued', data: { at: at(30), step: 'transcribe' } };
    expect(shown(created, uploaded, merged, gaveUp, requeued).slice(2)).toEqual([
      ['transcribe', 11, 20, 'failed', 0],
      ['transcribe', 30, null, 'open', 0],
    ]);
  });

  it('end with a session that expired', () => {
    expect(shown(created, { type: 'SessionExpired', data: { at: at(40) } })).toEqual([
      ['recording', 0, 40, 'failed', 0],
    ]);
  });
});
