import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  created,
  later,
  received,
  recordResult,
  result,
  SESSION,
  T0,
  uploaded,
} from '../../test/support/recording-events.ts';
import { anyRun, play, run, stateOf, stepsOf } from '../../test/support/recording-runs.ts';
import type { RecordingEvent } from './events.ts';
import { chunkKey, imageKey, recordingKey, sessionPrefixes, textKey } from './object-keys.ts';
import { DEFAULT_RETENTION, isPast, keptUntil, OBJECT_KINDS, objectKind } from './retention.ts';

const RETENTION = { ...DEFAULT_RETENTION, singleDays: 4, recordingDays: 90, textsDays: 365 };
const days = (count: number) => later(count * 24 * 3_600_000);
const results = stepsOf({ kind: 'voice' }).map((step) => recordResult(step, 0, T0));
const completed = run(results, uploaded());
const until = (events: readonly RecordingEvent[]) => {
  const session = stateOf(events);
  return Object.fromEntries(OBJECT_KINDS.map((kind) => [kind, keptUntil(session, kind, RETENTION)]));
};

describe('what a session left', () => {
  it('is told by its key', () => {
    const session = { sessionId: SESSION, strategy: 'chunked' } as const;
    const kind = (key: string) => objectKind(session, key);
    expect(kind(chunkKey({ sessionId: SESSION, fellBack: false }, 3))).toBe('chunks');
    expect(kind(chunkKey({ sessionId: SESSION, fellBack: true }, 0))).toBe('single');
    expect(
      objectKind({ ...session, strategy: 'single' }, chunkKey({ sessionId: SESSION, fellBack: false }, 0)),
    ).toBe('single');
    expect(kind(imageKey(SESSION, 0))).toBe('images');
    expect(kind(recordingKey(SESSION, 0, 'audio/webm'))).toBe('recording');
    expect(kind(textKey(SESSION, 'window', 'ab'))).toBe('workings');
    expect(kind(textKey(SESSION, 'paragraph', 'ab'))).toBe('workings');
    for (const name of ['transcript', 'entry', 'emotion', 'feedback', 'images'])
      expect(kind(textKey(SESSION, name, 'ab'))).toBe('texts');
    expect(kind('uploads/somebody-else/chunks/00000')).toBeNull();
    expect(kind(`uploads/${SESSION}/images`)).toBeNull();
    expect(kind(`elsewhere/${SESSION}/images/0`)).toBeNull();
    expect(kind(`text/${SESSION}/entry-window-ab.json`)).toBe('texts');
    for (const prefix of sessionPrefixes(SESSION)) expect(kind(`${prefix}a/b`)).not.toBeNull();
  });

  it('is kept by its kind once the session completed', () => {
    expect(until(completed)).toEqual({
      chunks: days(2),
      single: days(4),
      images: days(30),
      recording: days(90),
      workings: days(2),
      texts: days(365),
    });
  });

  it('stays as a whole while a session is under way', () => {
    for (const events of [created(), uploaded()])
      expect(Object.values(until(events)).every((at) => at === null)).toBe(true);
  });

  it('stays while a session is under way, even beside a time of ending', () => {
    const heard = run(results, uploaded()).filter(({ type }) => type !== 'SessionCompleted');
    for (const events of [created(), uploaded(), heard])
      for (const kind of OBJECT_KINDS)
        expect(keptUntil({ ...stateOf(events), endedAt: T0 }, kind, RETENTION)).toBeNull();
  });

  it('of a session that was erased has no time of its own: it went with the session', () => {
    const erased: RecordingEvent = { type: 'SessionErased', data: { at: T0 } };
    expect(new Set(Object.values(until([...completed, erased])))).toEqual(new Set([null]));
  });

  it('stays where the session ended and nobody knows when', () => {
    const { endedAt: _, ...timeless } = stateOf(completed);
    for (const kind of OBJECT_KINDS) expect(keptUntil(timeless, kind, RETENTION)).toBeNull();
  });

  it('stays for ever where the period is null', () => {
    expect(keptUntil(stateOf(completed), 'recording', DEFAULT_RETENTION)).toBeNull();
    expect(keptUntil(stateOf(completed), 'texts', DEFAULT_RETENTION)).toBeNull();
  });

  it('of one that failed or expired stays as long as trying again may mend it', () => {
    const failed: RecordingEvent = {
      type: 'SessionFailed',
      data: { at: T0, code: 'timeout', message: 'too long', retriable: true, step: 'transcribe' },
    };
    expect(new Set(Object.values(until([...uploaded(), failed])))).toEqual(new Set([days(30)]));
    const expired: RecordingEvent = { type: 'SessionExpired', data: { at: T0 } };
    expect(new Set(Object.values(until([...created(), expired])))).toEqual(new Set([days(30)]));
  });

  it('whose chunks could not be joined keeps them longer: they are all there is of the recording', () => {
    const apart: RecordingEvent[] = [
      ...created({ segmenting: { mode: 'segments', seconds: 5 } }),
      received(0),
      { type: 'UploadCompleted', data: { at: T0, by: 'client', chunks: 1, bytes: 1, images: [] } },
      { type: 'MergeFailed', data: { at: T0, generation: 0, reason: 'unreadable' } },
      result('transcribe'),
      { type: 'EntryPolished', data: { at: T0, generation: 0, key: 'k', bytes: 1, sha256: 'ab' } },
      result('emotion'),
      result('feedback'),
      { type: 'SessionCompleted', data: { at: T0, processingMs: 1, without: [] } },
    ];
    expect(until(apart)).toMatchObject({ chunks: days(30), workings: days(2) });
  });

  it('whose enrichment is asked for once more stays until that is done', () => {
    const requeued: RecordingEvent = { type: 'StepRequeued', data: { at: later(1_000), step: 'feedback' } };
    expect(until([...completed, requeued]).texts).toBeNull();
  });
});

it('a time is past from its own moment on, and no time never is', () => {
  expect(isPast(T0, T0)).toBe(true);
  expect(isPast(T0, later(1))).toBe(true);
  expect(isPast(later(1), T0)).toBe(false);
  expect(isPast(null, T0)).toBe(false);
});

it('nothing of a session that has steps to be done, or is being recorded, is ever past its time (200 runs)', () => {
  const shortest = {
    chunksDays: 0,
    singleDays: 0,
    imagesDays: 0,
    recordingDays: 0,
    textsDays: 0,
    unfinishedDays: 0,
  };
  fc.assert(
    fc.property(anyRun(), (moves) => {
      for (const { session } of play(moves)) {
        if (session.phase !== 'recording' && session.phase !== 'processing') continue;
        for (const kind of OBJECT_KINDS)
          expect(isPast(keptUntil(session, kind, shortest), '2100-01-01T00:00:00.000Z')).toBe(false);
      }
    }),
    { numRuns: 200 },
  );
});
