import { describe, expect, it } from '@jest/globals';
import type { RecordingEvent } from '../src/recording/events.ts';
import { type EntryState, evolveEntry } from './entries.evolve.ts';

const at = '2026-11-24T10:00:00.000Z';
const object = (key: string) => ({ key, bytes: 10, sha256: 'ab'.repeat(32) });
const created: RecordingEvent = {
  type: 'SessionCreated',
  data: {
    at,
    sessionId: '11111111-1111-4111-8111-111111111111',
    userId: 'person',
    kind: 'voice',
    strategy: 'chunked',
    assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 100, reason: 'default' },
    mimeType: 'audio/wav',
    segmenting: { mode: 'stream', seconds: 5 },
    images: [],
    device: {},
    expiresAt: at,
  },
};
const polished: RecordingEvent = {
  type: 'EntryPolished',
  data: { at, generation: 0, ...object('text/e.json') },
};
const emotion: RecordingEvent = {
  type: 'EmotionAnalysed',
  data: { at, generation: 0, ...object('text/m.json') },
};
const feedback: RecordingEvent = {
  type: 'FeedbackWritten',
  data: { at, generation: 0, ...object('text/f.json') },
};
const fold = (...events: RecordingEvent[]) => events.reduce<EntryState | null>(evolveEntry, null);

describe('the list of entries', () => {
  it('has a row without an entry from the session’s creation on', () => {
    expect(fold(created)).toEqual({
      userId: 'person',
      createdAt: at,
      entry: null,
      emotion: null,
      feedback: null,
    });
  });

  it('refers to the entry, its emotion and its feedback, in whatever order they come', () => {
    const row = {
      userId: 'person',
      createdAt: at,
      entry: object('text/e.json'),
      emotion: object('text/m.json'),
      feedback: object('text/f.json'),
    };
    expect(fold(created, polished, emotion, feedback)).toEqual(row);
    expect(fold(created, feedback, polished, emotion)).toEqual(row);
  });

  it('forgets an erased session, and what comes of it later', () => {
    const erased: RecordingEvent = { type: 'SessionErased', data: { at } };
    expect(fold(created, polished, erased)).toBeNull();
    expect(fold(created, erased, polished)).toBeNull();
  });

  it('takes a repeated event as one', () => {
    expect(fold(created, polished, created, polished)).toEqual(fold(created, polished));
  });
});
