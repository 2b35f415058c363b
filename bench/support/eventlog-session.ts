import type { EventMetadata, JsonObject, NewEvent } from '../../src/eventlog/event-log.ts';
import type { RecordingEvent } from '../../src/recording/events.ts';

export const METADATA: EventMetadata = {
  correlationId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  actor: 'user:7c9e6679-7425-40de-944b-e07fc1f90ae7',
};

/** What a chunk event weighs: some 600 bytes, with ten levels a second for five seconds. */
export function chunkReceived(index: number): RecordingEvent {
  return {
    type: 'ChunkReceived',
    data: {
      at: '2026-11-24T10:00:00.000Z',
      index,
      key: `sessions/7c9e6679-7425-40de-944b-e07fc1f90ae7/chunks/${index}`,
      bytes: 40_000,
      sha256: 'ab'.repeat(32),
      startMs: index * 5_000,
      endMs: (index + 1) * 5_000,
      levels: Array.from({ length: 50 }, (_, tenth) => -20 - ((tenth * 7) % 30)),
      uploadMs: 180,
      attempts: 1,
    },
  };
}

/** A three-minute recording in chunks of five seconds: 40 events. */
export function fortyEvents(sessionId: string): NewEvent[] {
  const at = '2026-11-24T10:00:00.000Z';
  const events: RecordingEvent[] = [
    {
      type: 'SessionCreated',
      data: {
        at,
        sessionId,
        userId: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
        kind: 'voice',
        strategy: 'chunked',
        assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 5, reason: 'rollout' },
        mimeType: 'audio/webm;codecs=opus',
        segmenting: { mode: 'stream', seconds: 5 },
        images: [],
        device: { model: 'bench' },
        expiresAt: '2026-11-24T10:30:00.000Z',
      },
    },
    { type: 'UploadAuthorized', data: { at, fromIndex: 0, toIndex: 35 } },
    ...Array.from({ length: 36 }, (_, index) => chunkReceived(index)),
    {
      type: 'UploadCompleted',
      data: { at, by: 'client', chunks: 36, bytes: 36 * 40_000, images: [], durationMs: 180_000 },
    },
    {
      type: 'RecordingMerged',
      data: {
        at,
        generation: 0,
        key: `sessions/${sessionId}/recording.webm`,
        bytes: 36 * 40_000,
        sha256: 'cd'.repeat(32),
        mimeType: 'audio/webm;codecs=opus',
        durationMs: 180_000,
        how: 'concatenated',
        truncated: false,
      },
    },
  ];
  return events.map(({ type, data }) => ({ type, data: data as unknown as JsonObject, metadata: METADATA }));
}

export const SMALL_EVENT: NewEvent = {
  type: 'UploadAuthorized',
  data: { at: '2026-11-24T10:00:00.000Z', fromIndex: 0, toIndex: 11 },
  metadata: METADATA,
};
