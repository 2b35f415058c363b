import { describe, expect, it } from '@jest/globals';
import type { KeptRecording } from './kept-recording.ts';
import { isKeptRecording } from './kept-recording-guard.ts';

const FULL: KeptRecording = {
  version: 1,
  recordingId: '0b7f',
  createdAt: '2026-11-24T09:30:00.000Z',
  mimeType: 'audio/webm;codecs=opus',
  mode: 'stream',
  chunkSeconds: 5,
  chunks: [
    { index: 0, bytes: 3, sha256: 'ab', startMs: 0, endMs: 5_000, levels: [-100], acknowledged: true },
    { index: 1, bytes: 3, sha256: 'cd', startMs: 5_000, endMs: 9_000, acknowledged: false },
  ],
  wanted: 'chunked',
  round: 0,
  session: { sessionId: '6a1c', strategy: 'chunked', concurrency: 2 },
  fallbackReason: 'chunk_rejected',
  fallbackTold: false,
  whole: { bytes: 6, sha256: 'ef' },
  abandoned: ['5b0d'],
  ended: { durationMs: 9_000, stoppedAt: '2026-11-24T09:31:00.000Z', cutOff: false },
  uploaded: false,
  entryReady: false,
  refusal: { code: 'signed_out', message: 'sign in again' },
  discarded: false,
};

describe('a kept recording', () => {
  it('is what this app writes', () => {
    expect(isKeptRecording(FULL)).toBe(true);
    const bare = { session: null, fallbackReason: null, whole: null, ended: null, refusal: null };
    expect(isKeptRecording({ ...FULL, ...bare, chunks: [], abandoned: [] })).toBe(true);
  });

  it('may have more than this app knows', () => {
    expect(isKeptRecording({ ...FULL, mood: 'calm' })).toBe(true);
  });

  it.each(Object.keys(FULL))('is none without its %s', (missing) => {
    expect(isKeptRecording({ ...FULL, [missing]: undefined })).toBe(false);
  });

  it.each<[string, unknown]>([
    ['of a version to come', { ...FULL, version: 2 }],
    ['without a name', { ...FULL, recordingId: '' }],
    ['in a mode that is not known', { ...FULL, mode: 'whole' }],
    ['with a hole in its chunks', { ...FULL, chunks: FULL.chunks.slice(1) }],
    ['with a chunk of no known size', { ...FULL, chunks: [{ ...FULL.chunks[0], bytes: Number.NaN }] }],
    ['with a chunk before the beginning', { ...FULL, chunks: [{ ...FULL.chunks[0], startMs: -1 }] }],
    ['with levels that are no numbers', { ...FULL, chunks: [{ ...FULL.chunks[0], levels: ['loud'] }] }],
    ['with a session that has no id', { ...FULL, session: { strategy: 'chunked', concurrency: 2 } }],
    ['with an end that has no length', { ...FULL, ended: { stoppedAt: '', cutOff: false } }],
    ['with sessions that are no ids', { ...FULL, abandoned: [1] }],
    ['that is a list', [FULL]],
    ['that is nothing', null],
  ])('is none %s', (_, value) => {
    expect(isKeptRecording(value)).toBe(false);
  });
});
