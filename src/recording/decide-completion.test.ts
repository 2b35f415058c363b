import { describe, expect, it } from '@jest/globals';
import { given } from '../../test/support/given.ts';
import {
  chunk,
  complete,
  created,
  hash,
  later,
  received,
  SESSION,
  stored,
  T0,
  uploadCompleted,
  uploaded,
} from '../../test/support/recording-events.ts';
import { completion, creation, run, SHAPES } from '../../test/support/recording-runs.ts';
import { DEFAULT_LIMITS } from './limits.ts';

describe('completing the upload', () => {
  it('ends the upload when every listed chunk was acknowledged', () => {
    const { events } = given([...created(), received(0), received(1)]).when(complete([0, 1]));
    expect(events).toEqual([
      {
        type: 'UploadCompleted',
        data: {
          at: later(11_000),
          by: 'client',
          chunks: 2,
          bytes: 80_000,
          images: [],
          durationMs: 10_000,
          uploadWaitMs: 1_000,
        },
      },
    ]);
  });
  it.each(SHAPES)('alone suffices, for what is stored: $kind, $strategy, $mode', (shape) => {
    const { session, events } = given(run([creation(shape)])).when(completion(shape));
    const received = Array.from({ length: shape.chunks }, () => 'ChunkReceived');
    expect(events.map(({ type }) => type)).toEqual([...received, 'UploadCompleted']);
    expect(session).toMatchObject({ phase: 'processing', upload: { chunks: shape.chunks } });
  });
  it('takes chunks that were stored but never acknowledged, in any order of the list', () => {
    given([...created(), received(1)])
      .when(complete([2, 1, 0]))
      .thenAppended(
        { type: 'ChunkReceived', data: { index: 2, ...stored(2), at: later(11_000) } },
        { type: 'ChunkReceived', data: { index: 0, ...stored(0) } },
        { type: 'UploadCompleted', data: { chunks: 3, bytes: 120_000 } },
      );
  });
  it('takes a number for the chunks that the client was told are here, and the last with its details', () => {
    const last = {
      ...chunk(2),
      startMs: 10_000,
      endMs: 12_000,
      levels: [-30, -20],
      uploadMs: 80,
      attempts: 1,
    };
    given([...created(), received(0), received(1)])
      .when(complete([2], { acknowledged: 2, chunks: [last] }))
      .thenAppended(
        { type: 'ChunkReceived', data: { ...last, ...stored(2), at: later(11_000) } },
        { type: 'UploadCompleted', data: { chunks: 3, bytes: 120_000 } },
      );
  });
  it('takes a chunk that is counted and listed too for one', () => {
    given([...created(), received(0), received(1)])
      .when(complete([0, 1], { acknowledged: 2 }))
      .thenAppended({ type: 'UploadCompleted', data: { chunks: 2 } });
  });
  it('is one completion, whether told again by number or by list', () => {
    const done = [...created(), received(0), received(1), uploadCompleted(2)];
    expect(given(done).when(complete([], { acknowledged: 2 })).events).toEqual([]);
    expect(given(done).when(complete([0, 1])).events).toEqual([]);
    given(done)
      .when(complete([], { acknowledged: 3 }))
      .thenRejected('completed_differently', { by: 'client', lacking: [2] });
    given(done)
      .when(complete([], { acknowledged: 1 }))
      .thenRejected('completed_differently', { by: 'client', lacking: [] });
  });
  it('does not find a session that is not there', () => {
    given([])
      .when(complete([0]))
      .thenRejected('session_not_found');
  });
});

describe('a completion that is refused appends nothing', () => {
  it('and names what is missing: not stored, or left out of the list', () => {
    given([...created(), received(0)])
      .when(complete([0, 1, 2], { storedChunks: new Map([[1, null]]) }))
      .thenRejected('chunks_missing', { missing: [1, 2] });
    given([...created(), received(0), received(2)])
      .when(complete([0, 2]))
      .thenRejected('chunks_missing', { missing: [1] });
    given(created())
      .when(complete([1, 3]))
      .thenRejected('chunks_missing', { missing: [0, 2] });
  });
  it('and names what is counted and not here', () => {
    given([...created(), received(0), received(2)])
      .when(complete([], { acknowledged: 4, durationMs: 20_000 }))
      .thenRejected('chunks_missing', { missing: [1, 3] });
  });
  it('and names what is here beyond the number', () => {
    given([...created(), received(0), received(1)])
      .when(complete([], { acknowledged: 1, durationMs: 5_000 }))
      .thenRejected('chunks_unlisted', { unlisted: [1] });
  });
  it('when a stored chunk differs from what is listed', () => {
    const wrong = { ...stored(1), bytes: 39_999 };
    given([...created(), received(0)])
      .when(complete([0, 1], { storedChunks: new Map([[1, wrong]]) }))
      .thenRejected('chunk_mismatch', { mismatched: [1] });
    given([...created(), received(0)])
      .when(complete([0, 1], { storedChunks: new Map([[1, { ...stored(1), sha256: hash(7) }]]) }))
      .thenRejected('chunk_mismatch', { mismatched: [1] });
  });
  it('when an acknowledged chunk is listed with other content', () => {
    given([...created(), received(0)])
      .when(complete([0], { chunks: [{ ...chunk(0), sha256: hash(5) }] }))
      .thenRejected('chunk_mismatch', { mismatched: [0] });
  });
  it('when the list leaves out what was acknowledged, at the end or in the middle', () => {
    given([...created(), received(0), received(1)])
      .when(complete([0]))
      .thenRejected('chunks_unlisted', { unlisted: [1] });
    given([...created(), received(0), received(1), received(2)])
      .when(complete([0, 2]))
      .thenRejected('chunks_unlisted', { unlisted: [1] });
  });
  it('when nothing was recorded', () => {
    given(created()).when(complete([])).thenRejected('recording_empty');
    given([...created(), received(0)])
      .when(complete([0], { durationMs: 0 }))
      .thenRejected('recording_empty');
    given(created())
      .when(complete([], { durationMs: 5_000 }))
      .thenRejected('recording_empty');
    // One that is counted, and not here, is missing.
    given(created())
      .when(complete([], { durationMs: 5_000, acknowledged: 1 }))
      .thenRejected('chunks_missing', { missing: [0] });
  });
  it('when a chunk has no bytes, or more than a chunk may have', () => {
    const sized = (bytes: number) => ({
      chunks: [{ ...chunk(0), bytes }],
      storedChunks: new Map([[0, { ...stored(0), bytes }]]),
    });
    given(created())
      .when(complete([0], sized(0)))
      .thenRejected('chunk_mismatch', { mismatched: [0] });
    given(created())
      .when(complete([0], sized(8 * 1024 * 1024 + 1)))
      .thenRejected('chunk_mismatch', { mismatched: [0] });
    given(created({ strategy: 'single' }))
      .when(complete([0], sized(8 * 1024 * 1024 + 1)))
      .thenAppended({ type: 'ChunkReceived' }, { type: 'UploadCompleted' });
  });
  it('when it has more than a recording may have', () => {
    const limits = { ...DEFAULT_LIMITS, maxRecordingBytes: 79_999 };
    given(created(), limits)
      .when(complete([0, 1]))
      .thenRejected('recording_too_large', { maxBytes: 79_999 });
    given(created(), { ...limits, maxRecordingBytes: 80_000 })
      .when(complete([0, 1]))
      .thenAppended({ type: 'ChunkReceived' }, { type: 'ChunkReceived' }, { type: 'UploadCompleted' });
  });
  it('when it lists an index beyond the limit, or a second file for the single strategy', () => {
    given(created())
      .when(complete([0, 1_440]))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 1_439 });
    given(created({ strategy: 'single' }))
      .when(complete([0, 1]))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 0 });
    given([...created({ strategy: 'single' }), received(0)])
      .when(complete([], { durationMs: 5_000, acknowledged: 2 }))
      .thenRejected('chunk_index_out_of_range', { maxIndex: 0 });
    given([...created({ strategy: 'single' }), received(0)])
      .when(complete([], { durationMs: 5_000, acknowledged: 1 }))
      .thenAppended({ type: 'UploadCompleted' });
  });
});

describe('what a completion says', () => {
  it('of the whole recording’s digest is kept', () => {
    const [, , upload] = given(created()).when(complete([0, 1], { sha256: hash(7) })).events;
    expect(upload).toMatchObject({ type: 'UploadCompleted', data: { sha256: hash(7) } });
    const [, , without] = given(created()).when(complete([0, 1])).events;
    expect(without?.data).not.toHaveProperty('sha256');
  });

  it('names what is missing in order, whatever the order of the list', () => {
    const { rejected } = given(created()).when(complete([11, 3, 2], { storedChunks: new Map() }));
    expect(rejected?.details).toEqual({ missing: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11] });
  });
});

describe('a completion sent again', () => {
  const failed = {
    type: 'SessionFailed' as const,
    data: { at: later(20_000), step: 'merge' as const, code: 'x', message: '', retriable: true },
  };
  const done = {
    type: 'SessionCompleted' as const,
    data: { at: later(20_000), processingMs: 1, without: [] },
  };
  it('is the same completion, whatever became of the session', () => {
    for (const since of [[], [failed], [done]])
      given([...uploaded(2), ...since])
        .when(complete([0, 1]))
        .thenNothing();
  });
  it('with another list is refused', () => {
    given(uploaded(2))
      .when(complete([0]))
      .thenRejected('completed_differently');
    given(uploaded(2))
      .when(complete([0, 1, 2]))
      .thenRejected('completed_differently');
    given(uploaded(2))
      .when(complete([0, 1], { chunks: [chunk(0), { ...chunk(1), sha256: hash(5) }] }))
      .thenRejected('completed_differently');
    given([...uploaded(2), done])
      .when(complete([]))
      .thenRejected('completed_differently');
  });
  it('with other content than the server sealed is refused', () => {
    given([...created(), received(0), uploadCompleted(1, { by: 'server' })])
      .when(complete([0], { chunks: [{ ...chunk(0), sha256: hash(5) }] }))
      .thenRejected('completed_differently');
  });
  it('comes too late for a session that expired', () => {
    given([...created(), { type: 'SessionExpired', data: { at: later(1) } }])
      .when(complete([0]))
      .thenRejected('session_ended');
  });
});

describe('the wait from stop to completion', () => {
  const HOUR = 3_600_000;
  it.each([
    [T0, 11_000],
    [later(-2_000), 13_000],
    [later(10_999), 1],
    [later(13_000), 0],
  ])('is believed when the client’s clock says %s', (stoppedAt, uploadWaitMs) => {
    given([...created(), received(0)])
      .when(complete([0], { stoppedAt }))
      .thenAppended({ type: 'UploadCompleted', data: { uploadWaitMs } });
  });
  it.each([later(-2_001), later(13_001), later(-3 * HOUR), later(3 * HOUR)])(
    'is left unsaid when it says %s: before the session, or after now',
    (stoppedAt) => {
      const { events } = given([...created(), received(0)]).when(complete([0], { stoppedAt }));
      expect(events.map(({ type }) => type)).toEqual(['UploadCompleted']);
      expect(events[0]?.data).not.toHaveProperty('uploadWaitMs');
    },
  );
});

describe('the images of a session', () => {
  const announced = [
    ...created({
      kind: 'voice-with-images',
      images: [{ mimeType: 'image/jpeg' }, { mimeType: 'image/png' }],
    }),
    received(0),
  ];
  const image = (index: number) => ({ index, bytes: 5_000, sha256: hash(50 + index) });
  const put = (index: number) => ({ key: 'x', bytes: 5_000, sha256: hash(50 + index) });
  it('are listed and stored when the upload ends', () => {
    given(announced)
      .when(
        complete([0], {
          images: [image(1), image(0)],
          storedImages: new Map([
            [0, put(0)],
            [1, put(1)],
          ]),
        }),
      )
      .thenAppended({
        type: 'UploadCompleted',
        data: {
          images: [
            { ...image(0), key: `uploads/${SESSION}/images/00` },
            { ...image(1), key: `uploads/${SESSION}/images/01` },
          ],
        },
      });
  });
  it('are asked for when they are not listed, not stored, or stored otherwise', () => {
    given(announced)
      .when(complete([0]))
      .thenRejected('images_missing', { missing: [0, 1] });
    given(announced)
      .when(complete([0], { images: [image(0), image(1)], storedImages: new Map([[0, put(0)]]) }))
      .thenRejected('images_missing', { missing: [1] });
    const both = new Map([0, 1].map((index) => [index, put(index)]));
    given(announced)
      .when(complete([0], { images: [image(1)], storedImages: both }))
      .thenRejected('images_missing', { missing: [0] });
    const differs = new Map([
      [0, { ...put(0), sha256: hash(9) }],
      [1, put(1)],
    ]);
    given(announced)
      .when(complete([0], { images: [image(0), image(1)], storedImages: differs }))
      .thenRejected('images_missing', { missing: [0] });
  });
});
