import { describe, expect, it } from '@jest/globals';
import type { SessionStatus } from '../contract.ts';
import { dueActions } from './due-actions.ts';
import { evolveUpload } from './evolve-upload.ts';
import type { ActionFailure, Happening } from './happenings.ts';
import type { KeptRecording } from './kept-recording.ts';
import { wantsLiveWords } from './live-words.ts';
import { newRecording } from './new-recording.ts';
import { type Upload, uploadOf } from './upload.ts';
import { viewRecording } from './view-recording.ts';

const chunk = (index: number, acknowledged: boolean) => ({
  index,
  bytes: 100,
  sha256: `${index}`,
  startMs: index * 5_000,
  endMs: (index + 1) * 5_000,
  acknowledged,
});
const ENDED = { durationMs: 9_000, stoppedAt: '2026-11-24T10:00:09.000Z', cutOff: false };
const FAILING = { count: 1, rejections: 0, since: 0, notBefore: 0, long: false };
const FOLLOW = { kind: 'follow' } as const;

/** Being made, with a chunk on the server. */
const RECORD: KeptRecording = {
  ...newRecording({
    recordingId: 'r',
    format: { mimeType: 'audio/webm', mode: 'stream', chunkSeconds: 5 },
    wanted: 'chunked',
    wallTime: 0,
  }),
  session: { sessionId: 's', strategy: 'chunked', concurrency: 2 },
  chunks: [chunk(0, true)],
};

const upload = (record: Partial<KeptRecording> = {}, change: Partial<Upload> = {}): Upload => ({
  ...uploadOf({ ...RECORD, ...record }, true),
  ...change,
});
const status = (state: string, more: Partial<SessionStatus> = {}) => ({ state, ...more }) as SessionStatus;
const told = (state: string, more?: Partial<SessionStatus>): Happening => ({
  type: 'status',
  epoch: 0,
  status: status(state, more),
});
const after = (before: Upload, ...happenings: Happening[]) => happenings.reduce(evolveUpload, before);
const failed = (failure: Partial<ActionFailure>): Happening => ({
  type: 'result',
  action: FOLLOW,
  epoch: 0,
  result: {
    type: 'failed',
    failure: { status: 404, code: 'session_not_found', message: '', passing: false, ...failure },
    now: 1_000,
    random: 0.5,
  },
});
const completed: Happening = {
  type: 'result',
  action: { kind: 'complete' },
  epoch: 0,
  result: { type: 'completed' },
};

describe('the words of a recording are listened to while it is made', () => {
  it.each<[string, boolean, Partial<KeptRecording>, Partial<Upload>]>([
    ['with a chunk on the server', true, {}, {}],
    ['in segments too', true, { mode: 'segments' }, {}],
    ['not before the first chunk is there', false, { chunks: [chunk(0, false)] }, {}],
    ['not when it goes up as one file', false, { fallbackReason: 'flag_off' }, {}],
    [
      'not in the control arm',
      false,
      { session: { sessionId: 's', strategy: 'single', concurrency: 1 } },
      {},
    ],
    ['not for a file in slices', false, { mode: 'slices' }, {}],
    ['not while nobody looks', false, {}, { visible: false }],
    ['not for one that was found again', false, { ended: { ...ENDED, cutOff: true } }, {}],
    ['not while a chunk does not get through', false, {}, { failing: new Map([['send/1', FAILING]]) }],
    ['again after it broke off', true, {}, { failing: new Map([['follow', FAILING]]) }],
    [
      'not after three times no',
      false,
      {},
      { failing: new Map([['follow', { ...FAILING, rejections: 3 }]]) },
    ],
    ['not beyond the session’s end', false, {}, { status: status('expired') }],
    ['beyond stop, when it has begun', true, { ended: ENDED }, { busy: new Set(['follow']) }],
    ['not from stop on, when it has not', false, { ended: ENDED }, {}],
    [
      'on while a chunk does not get through, when it has begun',
      true,
      {},
      { busy: new Set(['follow']), failing: new Map([['send/1', FAILING]]) },
    ],
  ])('%s', (_, expected, record, change) => {
    expect(wantsLiveWords(upload(record, change))).toBe(expected);
  });

  it('last, after the chunks', () => {
    expect(dueActions(upload({ chunks: [chunk(0, true), chunk(1, false)] }), 0)).toEqual([
      { kind: 'send', index: 1 },
      FOLLOW,
    ]);
  });

  it('and shown; once the transcript is there, that', () => {
    const partialTranscript = { text: 'one two', throughMs: 5_000 };
    const live = { phase: 'recording', trouble: null, elapsedMs: 6_000 } as const;
    const heard = after(upload(), told('recording', { partialTranscript }));
    expect(viewRecording(heard, live)).toMatchObject({ phase: 'recording', transcript: 'one two' });
    const all = after(
      heard,
      told('processing', { partialTranscript, transcript: { text: 'one two three' } }),
    );
    expect(viewRecording(all, null)).toMatchObject({ phase: 'sending', transcript: 'one two three' });
  });
});

describe('what is heard that way does not touch the upload', () => {
  it.each(['completed', 'failed', 'expired', 'erased'])('a session that is %s behind our back', (state) => {
    const heard = after(upload(), told(state));
    expect(heard).toMatchObject({ epoch: 0, record: RECORD });
    expect(dueActions(heard, 0)).toEqual([]); // and it is not asked for again and again
  });

  it('a failure: it is tried again later, three times when the server says no', () => {
    let now = upload();
    for (let time = 0; time < 3; time++) {
      expect(wantsLiveWords(now)).toBe(true);
      now = after(now, failed({}));
      expect(now).toMatchObject({ epoch: 0, record: RECORD });
    }
    expect(wantsLiveWords(now)).toBe(false);
    expect(dueActions(after(upload(), failed({ passing: true, status: 503 })), 1_000)).toEqual([]);
  });

  it('long silence: what is safe is said as ever', () => {
    const silent = upload({ chunks: [chunk(0, false)], ended: ENDED }, { busy: new Set(['send/0']) });
    const long = { ...silent, failing: new Map([['follow', { ...FAILING, long: true }]]) };
    expect(viewRecording(long, null)).toMatchObject({ phase: 'sending', upload: { safety: 'recorded' } });
  });
});

describe('when all of it is there', () => {
  it('the one connection goes on, and now its end counts', () => {
    const sent = upload({ ended: ENDED }, { busy: new Set(['follow', 'complete']) });
    const done = after(sent, told('processing'), completed);
    expect(done).toMatchObject({ epoch: 0, status: { state: 'processing' } });
    expect(dueActions(done, 0)).toEqual([]);
    expect(after(done, told('completed')).record.entryReady).toBe(true);
  });

  it('it is followed, also when that was given up before, or nobody looks', () => {
    const givenUp = { failing: new Map([['follow', { ...FAILING, rejections: 3 }]]) };
    for (const before of [givenUp, { visible: false }]) {
      const done = after(upload({ ended: ENDED }, before), completed);
      expect(done.record).toMatchObject({ uploaded: true, entryReady: false });
      expect(dueActions(done, 0)).toEqual([FOLLOW]);
    }
  });

  it('its end counts also when it was told sooner than that all of it is there', () => {
    const sent = upload({ ended: ENDED }, { busy: new Set(['follow', 'complete']) });
    expect(after(sent, told('completed'), completed).record.entryReady).toBe(true);
  });
});
