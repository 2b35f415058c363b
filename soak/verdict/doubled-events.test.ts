import { describe, expect, it } from '@jest/globals';
import { doubledEvents, type LoggedEvent } from './doubled-events.ts';

const event = (type: string, data: LoggedEvent['data'] = {}): LoggedEvent => ({ type, data });
const chunk = (index: number, key = `chunk-${index}`) => event('ChunkReceived', { index, key, sha256: key });
const upload = event('UploadCompleted', { by: 'client', chunks: 2 });

describe('events that are there twice', () => {
  it('are none in an ordinary session', () => {
    const stream = [
      event('SessionCreated'),
      chunk(0),
      chunk(1),
      upload,
      event('WindowTranscribed', { generation: 0, window: 0 }),
      event('WindowTranscribed', { generation: 0, window: 1 }),
      event('SessionCompleted'),
    ];
    expect(doubledEvents(stream)).toEqual([]);
  });

  it('are told by what they are known by', () => {
    const stream = [
      event('SessionCreated'),
      event('SessionCreated'),
      chunk(0),
      chunk(0),
      upload,
      upload,
      event('SessionCompleted'),
      event('SessionCompleted'),
    ];
    expect(doubledEvents(stream)).toEqual([
      'SessionCreated',
      'ChunkReceived, index 0, key chunk-0, sha256 chunk-0',
      'UploadCompleted, by client, chunks 2',
      'SessionCompleted',
    ]);
  });

  it('are none where something was begun anew', () => {
    const sealed = [
      chunk(0),
      event('UploadCompleted', { by: 'server', chunks: 1 }),
      event('SessionCompleted'),
      chunk(1),
      upload,
      event('SessionCompleted'),
    ];
    expect(doubledEvents(sealed)).toEqual([]);
    const fellBack = [chunk(0), event('UploadFellBack', { reason: 'merge_failed' }), chunk(0, 'whole')];
    expect(doubledEvents(fellBack)).toEqual([]);
  });

  it('are none where the provider was away for long, which costs no try', () => {
    const away = event('StepAttemptFailed', { step: 'polish', generation: 0, attempt: 1, outage: true });
    const failed = event('StepAttemptFailed', { step: 'polish', generation: 0, attempt: 1, outage: false });
    expect(doubledEvents([away, away, failed])).toEqual([]);
    expect(doubledEvents([failed, failed])).toHaveLength(1);
  });
});
