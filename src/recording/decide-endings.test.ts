import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  acknowledge,
  complete,
  create,
  created,
  later,
  received,
  recordResult,
  SESSION,
  stored,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import { failure, MODES, stateOf } from '../../test/support/recording-runs.ts';
import type { RecordingCommand } from './commands.ts';
import { deadlineOf } from './decide-upload.ts';
import type { RecordingEvent } from './events.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const expired = { type: 'SessionExpired' as const, data: { at: later(0) } };
const erased = { type: 'SessionErased' as const, data: { at: later(0) } };

describe('the deadline of a quiet session', () => {
  const pass = (now: string) => ({ type: 'PassDeadline' as const, now });
  const idle = DEFAULT_LIMITS.idleMs;
  it('does nothing before its time, which moves with every sign of life', () => {
    given(created())
      .when(pass(later(idle - 1)))
      .thenNothing();
    given([...created(), received(0)])
      .when(pass(later(idle + 500)))
      .thenNothing();
  });
  it('lets a session without a chunk expire', () => {
    given(created())
      .when(pass(later(idle)))
      .thenAppended({ type: 'SessionExpired' });
  });
  it('lets one expire whose first chunk never arrived: without it nothing can be read', () => {
    given([...created(), received(1)])
      .when(pass(later(2 * idle)))
      .thenAppended({ type: 'SessionExpired' });
  });
  it('seals one with what arrived without a hole', () => {
    given([...created(), received(0), received(1), received(3)])
      .when(pass(later(2 * idle)))
      .thenAppended({ type: 'UploadCompleted', data: { by: 'server', chunks: 2, bytes: 80_000 } });
  });
  it('does nothing once the upload is complete', () => {
    given(uploaded())
      .when(pass(later(2 * idle)))
      .thenNothing();
  });
  it('takes the same completion from a client that comes back to a sealed session', () => {
    const sealed = [...created(), received(0), received(1), uploadCompleted(2, { by: 'server' })];
    given(sealed)
      .when(complete([0, 1]))
      .thenNothing();
  });
  it('passes once', () => {
    given([...created(), expired])
      .when(pass(later(3 * idle)))
      .thenNothing();
    given([])
      .when(pass(later(idle)))
      .thenRejected('session_not_found');
  });
  it('runs only while recording', () => {
    const deadline = (events: RecordingEvent[]) => deadlineOf(stateOf(events), DEFAULT_LIMITS);
    expect(deadline([...created(), received(0)])).toBe(later(1_000 + 30 * 60_000));
    expect(deadline(uploaded())).toBeNull();
  });
});

describe('falling back to the whole file', () => {
  const fallBack = {
    type: 'FallBack' as const,
    reason: 'chunk_rejected',
    expiresAt: later(9_999_999),
    now: later(5_000),
  };
  const failed = (action?: 'upload_whole_file') => ({
    type: 'SessionFailed' as const,
    data: {
      at: later(20_000),
      step: 'merge' as const,
      code: 'audio_unreadable',
      message: '',
      retriable: true,
      ...(action ? { action } : {}),
    },
  });
  const fell = {
    type: 'UploadFellBack' as const,
    data: { at: later(5_000), reason: 'x', expiresAt: later(9_999_999) },
  };
  it('begins the upload anew as one file, in a place of its own', () => {
    const { session, events } = given([...created(), received(0)]).when(fallBack);
    expect(events.map(({ type }) => type)).toEqual(['UploadFellBack']);
    expect(session).toMatchObject({ phase: 'recording', strategy: 'single', fellBack: true });
    expect(session?.chunks.size).toBe(0);
  });
  it('is no news for a session that is single already', () => {
    given(created({ strategy: 'single' }))
      .when(fallBack)
      .thenNothing();
  });
  it('is possible when a failed session asked for it, and only then', () => {
    given([...uploaded(), failed('upload_whole_file')])
      .when(fallBack)
      .thenAppended({ type: 'UploadFellBack' });
    given([...uploaded(), failed()])
      .when(fallBack)
      .thenRejected('fallback_not_possible');
    given(uploaded()).when(fallBack).thenRejected('fallback_not_possible');
    given([...created(), expired])
      .when(fallBack)
      .thenRejected('session_ended');
  });
  it('is once: a session that fell back goes on as it is', () => {
    given([...created(), received(0), fell])
      .when(fallBack)
      .thenNothing();
  });
  it('is refused for what is done, or gone', () => {
    const done = { type: 'SessionCompleted' as const, data: { at: later(1), processingMs: 1, without: [] } };
    given([...uploaded(), done])
      .when(fallBack)
      .thenRejected('session_ended');
    given([...created(), erased])
      .when(fallBack)
      .thenRejected('session_not_found');
  });
  it.each(MODES)('drops what the chunks’ steps bring afterwards: %s', (mode) => {
    const shape = { segmenting: { mode, seconds: 5 } };
    const again = [...uploaded(2, shape), failed('upload_whole_file'), fell];
    given(again).when(recordResult('merge')).thenNothing();
    const whole = [...again, received(0), uploadCompleted(1)];
    given(whole).when(recordResult('merge', 0)).thenNothing();
    given(whole).when(recordResult('merge', 1)).thenAppended({ type: 'RecordingMerged' });
  });
  it('takes one file afterwards, and no more', () => {
    given([...created(), fell])
      .when(complete([0, 1]))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 0 });
    given([...created(), received(0), received(1), fell])
      .when(complete([0]))
      .thenAppended(
        { type: 'ChunkReceived', data: { key: `uploads/${SESSION}/whole/00000` } },
        { type: 'UploadCompleted', data: { chunks: 1 } },
      );
  });
  it('takes the whole file afterwards under its new key', () => {
    given([...created(), received(0), fell])
      .when(acknowledge(0, { stored: stored(0, true) }))
      .thenAppended({ type: 'ChunkReceived', data: { key: `uploads/${SESSION}/whole/00000` } });
  });
});

describe('erasing', () => {
  const erase = { type: 'EraseSession' as const, now: later(1) };
  it('is possible in every phase, and once', () => {
    given(created()).when(erase).thenAppended({ type: 'SessionErased' });
    given(uploaded()).when(erase).thenAppended({ type: 'SessionErased' });
    given([...created(), expired])
      .when(erase)
      .thenAppended({ type: 'SessionErased' });
    given([...created(), erased])
      .when(erase)
      .thenNothing();
    given([]).when(erase).thenRejected('session_not_found');
  });
  it.each<RecordingCommand>([
    create(),
    acknowledge(0),
    complete([0]),
    { type: 'AuthorizeUpload', indexes: [0], now: later(2) },
    { type: 'PassDeadline', now: later(9_999_999) },
    { type: 'FallBack', reason: 'x', expiresAt: later(3), now: later(2) },
    { type: 'RetrySession', now: later(2) },
    recordResult('merge'),
    failure({ step: 'merge', generation: 0, attempt: 1 }, 'permanent'),
  ])('leaves nothing to $type', (command) => {
    const gone = command.type === 'CreateSession' ? 'session_exists' : 'session_not_found';
    given([...uploaded(1), erased])
      .when(command)
      .thenRejected(gone);
  });
});
