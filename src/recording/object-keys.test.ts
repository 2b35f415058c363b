import { describe, expect, it } from '@jest/globals';
import { chunkKey, imageKey, recordingKey, sessionPrefixes, textKey } from './object-keys.ts';

const sessionId = '0191d1c0-0000-7000-8000-000000000001';
const sha256 = 'ab'.repeat(32);

describe('keys of objects', () => {
  const ofSession = [
    chunkKey({ sessionId, fellBack: false }, 7),
    chunkKey({ sessionId, fellBack: true }, 0),
    imageKey(sessionId, 3),
    recordingKey(sessionId, 2, 'audio/webm'),
    textKey(sessionId, 'transcript', sha256),
  ];

  it('are these', () => {
    expect(ofSession).toEqual([
      `uploads/${sessionId}/chunks/00007`,
      `uploads/${sessionId}/whole/00000`,
      `uploads/${sessionId}/images/03`,
      `audio/${sessionId}/recording-2.webm`,
      `text/${sessionId}/transcript-abababababababab.json`,
    ]);
  });

  it('say what a recording is in, and nothing of what nobody knows', () => {
    expect(recordingKey(sessionId, 1, 'audio/mp4')).toMatch(/\.m4a$/);
    expect(recordingKey(sessionId, 1, 'audio/x-unheard-of')).toMatch(/\.bin$/);
  });

  it('all stand where erasing a session deletes', () => {
    const deleted = sessionPrefixes(sessionId);
    for (const key of ofSession) expect(deleted.filter((prefix) => key.startsWith(prefix))).toHaveLength(1);
  });
});
