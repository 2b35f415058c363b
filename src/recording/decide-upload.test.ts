import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  acknowledge,
  chunk,
  complete,
  create,
  created,
  hash,
  later,
  received,
  SESSION,
  stored,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import { DEFAULT_LIMITS } from './limits.ts';

const expired = { type: 'SessionExpired' as const, data: { at: later(0) } };
const erased = { type: 'SessionErased' as const, data: { at: later(0) } };

describe('creating a session', () => {
  it('records the assignment and the URLs that come with the answer', () => {
    given([])
      .when(create())
      .thenAppended(
        { type: 'SessionCreated', data: { sessionId: SESSION, strategy: 'chunked' } },
        { type: 'UploadAuthorized', data: { fromIndex: 0, toIndex: 11 } },
      );
  });
  it('is refused when the session exists', () => {
    given(created()).when(create()).thenRejected('session_exists');
  });
});

describe('authorizing uploads', () => {
  const authorize = (...indexes: number[]) => ({ type: 'AuthorizeUpload' as const, indexes, now: later(1) });
  it('records further chunks', () => {
    given(created())
      .when(authorize(12, 13, 14))
      .thenAppended({ type: 'UploadAuthorized', data: { fromIndex: 12, toIndex: 14 } });
  });
  it('records nothing for a renewal', () => {
    given(created()).when(authorize(3, 4)).thenNothing();
  });
  it('refuses an index beyond the limit, and any but 0 for the single strategy', () => {
    given(created()).when(authorize(DEFAULT_LIMITS.maxChunks)).thenRejected('chunk_index_out_of_range');
    given(created({ strategy: 'single' }))
      .when(authorize(1))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 0 });
  });
  it('is refused once the upload is complete or the session has ended', () => {
    given(uploaded()).when(authorize(0)).thenRejected('session_not_recording');
    given([...created(), expired])
      .when(authorize(0))
      .thenRejected('session_ended');
  });
  it('does not find a session that is not there, or was erased', () => {
    given([]).when(authorize(0)).thenRejected('session_not_found');
    given([...created(), erased])
      .when(authorize(0))
      .thenRejected('session_not_found');
  });
});

describe('acknowledging a chunk', () => {
  it('records it with what the client measured', () => {
    given(created())
      .when(
        acknowledge(3, { startMs: 15_000, endMs: 20_000, levels: [-30, -31], uploadMs: 120, attempts: 2 }),
      )
      .thenAppended({
        type: 'ChunkReceived',
        data: { ...stored(3), index: 3, startMs: 15_000, endMs: 20_000, levels: [-30, -31], attempts: 2 },
      });
  });
  it('does nothing the second time, also after completion', () => {
    given([...created(), received(0)])
      .when(acknowledge(0))
      .thenNothing();
    given(uploaded(1)).when(acknowledge(0)).thenNothing();
  });
  it.each([
    ['missing', { stored: null }],
    ['size', { stored: { ...stored(0), bytes: 39_999 } }],
    ['checksum', { stored: { ...stored(0), sha256: hash(7) } }],
    ['size', { claimed: { ...chunk(0), bytes: 0 }, stored: { ...stored(0), bytes: 0 } }],
  ] as const)('refuses it and records the rejection: %s', (reason, wrong) => {
    given(created())
      .when(acknowledge(0, wrong))
      .thenRejected('chunk_mismatch', { index: 0, reason }, ['ChunkRejected']);
  });
  it('refuses more bytes than a chunk may have, and takes them from the single strategy', () => {
    const bytes = DEFAULT_LIMITS.maxChunkBytes + 1;
    const big = { claimed: { ...chunk(0), bytes }, stored: { ...stored(0), bytes } };
    given(created())
      .when(acknowledge(0, big))
      .thenRejected('chunk_mismatch', { reason: 'size' }, ['ChunkRejected']);
    given(created({ strategy: 'single' }))
      .when(acknowledge(0, big))
      .thenAppended({ type: 'ChunkReceived' });
  });
  it('refuses another chunk after completion', () => {
    given(uploaded(2)).when(acknowledge(2)).thenRejected('session_not_recording');
  });
  it('stops writing rejections down when a client goes on sending nonsense', () => {
    const rejection = {
      type: 'ChunkRejected' as const,
      data: { at: later(1), index: 0, reason: 'missing' as const },
    };
    const many = Array.from({ length: 100 }, () => rejection);
    given([...created(), ...many])
      .when(acknowledge(0, { stored: null }))
      .thenRejected('chunk_mismatch', {}, []);
  });
});

describe('completing the upload', () => {
  it('ends the upload when every listed chunk was acknowledged', () => {
    given([...created(), received(0), received(1)])
      .when(complete([0, 1]))
      .thenAppended({
        type: 'UploadCompleted',
        data: { by: 'client', chunks: 2, bytes: 80_000, durationMs: 10_000, uploadWaitMs: 1_000 },
      });
  });
  it('takes chunks that were stored but never acknowledged', () => {
    given([...created(), received(0)])
      .when(complete([0, 1]))
      .thenAppended({ type: 'ChunkReceived', data: { index: 1 } }, { type: 'UploadCompleted' });
  });
  it('names what is missing: not stored, or left out of the list', () => {
    given([...created(), received(0)])
      .when(complete([0, 1, 2], { storedChunks: new Map() }))
      .thenRejected('chunks_missing', { missing: [1, 2] });
    given([...created(), received(0), received(2)])
      .when(complete([0, 2]))
      .thenRejected('chunks_missing', { missing: [1] });
  });
  it('refuses a list that differs from what is stored', () => {
    given([...created(), received(0)])
      .when(complete([0], { chunks: [{ ...chunk(0), sha256: hash(5) }] }))
      .thenRejected('chunk_mismatch', { mismatched: [0] });
  });
  it('refuses a list that leaves acknowledged chunks out at the end', () => {
    given([...created(), received(0), received(1)])
      .when(complete([0]))
      .thenRejected('chunks_unlisted', { unlisted: [1] });
  });
  it('refuses an empty recording', () => {
    given(created()).when(complete([])).thenRejected('recording_empty');
    given([...created(), received(0)])
      .when(complete([0], { durationMs: 0 }))
      .thenRejected('recording_empty');
  });
  it('refuses more than a recording may have', () => {
    const limits = { ...DEFAULT_LIMITS, maxRecordingBytes: 79_999 };
    given([...created(), received(0), received(1)], limits)
      .when(complete([0, 1]))
      .thenRejected('recording_too_large');
  });
  it('is idempotent, and refuses another list afterwards', () => {
    given(uploaded(2))
      .when(complete([0, 1]))
      .thenNothing();
    given(uploaded(2))
      .when(complete([0]))
      .thenRejected('completed_differently');
  });
  it('leaves the wait unsaid when the client’s clock cannot be right', () => {
    for (const stoppedAt of [later(-3_600_000), later(3_600_000)]) {
      const { events } = given([...created(), received(0)]).when(complete([0], { stoppedAt }));
      expect(events[0]?.data).not.toHaveProperty('uploadWaitMs');
    }
  });
  it('asks for the announced images', () => {
    const withImages = created({ kind: 'voice-with-images', images: [{ mimeType: 'image/jpeg' }] });
    const image = { index: 0, bytes: 5_000, sha256: hash(50) };
    given([...withImages, received(0)])
      .when(complete([0]))
      .thenRejected('images_missing', { missing: [0] });
    given([...withImages, received(0)])
      .when(
        complete([0], {
          images: [image],
          storedImages: new Map([[0, { key: 'x', bytes: 5_000, sha256: hash(50) }]]),
        }),
      )
      .thenAppended({
        type: 'UploadCompleted',
        data: { images: [{ ...image, key: `uploads/${SESSION}/images/00` }] },
      });
  });
});

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
  it('takes the whole file afterwards under its new key', () => {
    const fell = {
      type: 'UploadFellBack' as const,
      data: { at: later(5_000), reason: 'x', expiresAt: later(9_999_999) },
    };
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
  });
});
