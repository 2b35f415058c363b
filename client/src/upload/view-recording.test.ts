import { describe, expect, it } from '@jest/globals';
import type { SessionStatus } from '../contract.ts';
import type { KeptRecording } from './kept-recording.ts';
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
const FAILING = { count: 9, rejections: 0, since: 0, notBefore: 0, long: true };

function view(change: Partial<KeptRecording>, upload: Partial<Upload> = {}) {
  const record = newRecording({
    recordingId: 'r',
    format: { mimeType: 'audio/webm', mode: 'stream', chunkSeconds: 5 },
    wanted: 'chunked',
    wallTime: 0,
  });
  const chunks = [chunk(0, false), chunk(1, false)];
  return viewRecording(
    { ...uploadOf({ ...record, chunks, ended: ENDED, ...change }, true), ...upload },
    null,
  );
}

const some = [chunk(0, true), chunk(1, false)];
const status = (state: string, more = {}) => ({ state, ...more }) as SessionStatus;

describe('where the words are safe', () => {
  it.each<[string, string, Partial<KeptRecording>, Partial<Upload>]>([
    ['all of it here, and on its way', 'recorded', {}, {}],
    ['all of it here, and no way', 'on-this-device-only', {}, { online: false }],
    [
      'all of it here, and the server silent for long',
      'on-this-device-only',
      {},
      { failing: new Map([['create', FAILING]]) },
    ],
    [
      'all of it here, and refused',
      'on-this-device-only',
      { refusal: { code: 'signed_out', message: '' } },
      {},
    ],
    ['some there', 'partly-uploaded', { chunks: some }, {}],
    ['some there, and no way', 'partly-uploaded', { chunks: some }, { online: false }],
    ['all there', 'uploaded', { chunks: some, uploaded: true }, {}],
    [
      'the entry stands',
      'entry-ready',
      { uploaded: true, entryReady: true },
      { status: status('completed') },
    ],
  ])('%s', (_, safety, record, upload) => {
    expect(view(record, upload)).toMatchObject({ upload: { safety } });
  });

  it('starts anew with the single path: what was there in chunks does not count', () => {
    expect(view({ chunks: some, fallbackReason: 'flag_off' })).toMatchObject({
      upload: {
        safety: 'recorded',
        acknowledgedBytes: 0,
        chunks: [{ index: 0, bytes: 200, state: 'waiting' }],
      },
    });
  });
});

describe('the phase', () => {
  it.each<[string, object, Partial<KeptRecording>, Partial<Upload>]>([
    ['sending', { phase: 'sending', durationMs: 9_000 }, {}, {}],
    ['kept while offline', { phase: 'kept', reason: 'offline' }, {}, { online: false }],
    [
      'kept while it is tried for long',
      { phase: 'kept', reason: 'trying-again' },
      {},
      { failing: new Map([['complete', FAILING]]) },
    ],
    [
      'kept with a chunk lost from the device',
      { phase: 'kept', reason: 'store-failed', code: 'chunk_lost' },
      { refusal: { code: 'chunk_lost', message: '' } },
      {},
    ],
    ['processing, also while offline', { phase: 'processing' }, { uploaded: true }, { online: false }],
    [
      'failed',
      { phase: 'failed', failure: { code: 'provider_unavailable' } },
      { uploaded: true },
      {
        status: status('failed', { failure: { code: 'provider_unavailable', message: '', retriable: true } }),
      },
    ],
    ['ready', { phase: 'ready' }, { uploaded: true, entryReady: true }, { status: status('completed') }],
    ['discarded', { phase: 'discarded', reason: 'cancelled' }, { discarded: true }, {}],
  ])('%s', (_, expected, record, upload) => {
    expect(view(record, upload)).toMatchObject(expected);
  });
});
