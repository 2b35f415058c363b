import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  acknowledge,
  chunk,
  create,
  created,
  hash,
  later,
  received,
  SESSION,
  stored,
  uploaded,
} from '../../test/support/recording-events.ts';
import { creation, SHAPES } from '../../test/support/recording-runs.ts';
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
  it.each(SHAPES)('fixes the shape for good: $kind, $strategy, $mode', (shape) => {
    const { session } = given([]).when(creation(shape));
    expect(session).toMatchObject({
      phase: 'recording',
      kind: shape.kind,
      strategy: shape.strategy,
      segmenting: { mode: shape.mode, seconds: 5 },
      authorizedThrough: shape.strategy === 'single' ? 0 : 11,
    });
  });
  it('is refused when the session exists', () => {
    given(created()).when(create()).thenRejected('session_exists');
    given(uploaded()).when(create()).thenRejected('session_exists');
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
    given(created({ strategy: 'single' }))
      .when(authorize(0))
      .thenNothing();
  });
  it('records the last index there is', () => {
    given(created())
      .when(authorize(1_439))
      .thenAppended({ type: 'UploadAuthorized', data: { fromIndex: 12, toIndex: 1_439 } });
  });
  it('refuses an index beyond the limit, and any but 0 for the single strategy', () => {
    given(created()).when(authorize(1_440)).thenRejected('chunk_index_out_of_range', { maxIndex: 1_439 });
    given(created({ strategy: 'single' }))
      .when(authorize(1))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 0 });
  });
  it('is refused as a whole when one of the indexes is beyond the limit', () => {
    given(created()).when(authorize(12, 1_440)).thenRejected('chunk_index_out_of_range', { maxIndex: 1_439 });
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
  it('takes a chunk of exactly as many bytes as it may have', () => {
    const bytes = DEFAULT_LIMITS.maxChunkBytes;
    given(created())
      .when(acknowledge(0, { claimed: { ...chunk(0), bytes }, stored: { ...stored(0), bytes } }))
      .thenAppended({ type: 'ChunkReceived', data: { bytes } });
  });
  it('refuses an index beyond the limit, and any but 0 for the single strategy', () => {
    given(created()).when(acknowledge(1_440)).thenRejected('chunk_index_out_of_range', { maxIndex: 1_439 });
    given(created({ strategy: 'single' }))
      .when(acknowledge(1))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 0 });
  });
  it('refuses the chunk that makes the recording too large: the server might seal the session with it', () => {
    const limits = { ...DEFAULT_LIMITS, maxRecordingBytes: 80_000 };
    given([...created(), received(0)], limits)
      .when(acknowledge(1))
      .thenAppended({ type: 'ChunkReceived' });
    given([...created(), received(0), received(1)], limits)
      .when(acknowledge(2))
      .thenRejected('recording_too_large', { maxBytes: 80_000 });
  });
  it('takes other content in the place of a chunk while recording, and counts it once', () => {
    const other = { bytes: 60_000, sha256: hash(70) };
    given([...created(), received(0)], { ...DEFAULT_LIMITS, maxRecordingBytes: 60_000 })
      .when(acknowledge(0, { claimed: { index: 0, ...other }, stored: { ...stored(0), ...other } }))
      .thenAppended({ type: 'ChunkReceived', data: { index: 0, ...other } });
  });
  it('refuses another chunk, or other content, after completion', () => {
    given(uploaded(2)).when(acknowledge(2)).thenRejected('session_not_recording');
    given(uploaded(2))
      .when(acknowledge(1, { claimed: { ...chunk(1), sha256: hash(5) } }))
      .thenRejected('session_not_recording');
  });
  it('is refused when the session has ended, or was erased', () => {
    given([...created(), expired])
      .when(acknowledge(0))
      .thenRejected('session_ended');
    given([...created(), received(0), erased])
      .when(acknowledge(0))
      .thenRejected('session_not_found');
    given([]).when(acknowledge(0)).thenRejected('session_not_found');
  });
  it('stops writing rejections down when a client goes on sending nonsense', () => {
    const rejection = {
      type: 'ChunkRejected' as const,
      data: { at: later(1), index: 0, reason: 'missing' as const },
    };
    const many = Array.from({ length: 100 }, () => rejection);
    given([...created(), ...many.slice(1)])
      .when(acknowledge(0, { stored: null }))
      .thenRejected('chunk_mismatch', {}, ['ChunkRejected']);
    given([...created(), ...many])
      .when(acknowledge(0, { stored: null }))
      .thenRejected('chunk_mismatch', {}, []);
    given([...created(), ...many])
      .when(acknowledge(0))
      .thenAppended({ type: 'ChunkReceived' });
  });
});
