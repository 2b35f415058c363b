import { describe, expect, it } from '@jest/globals';
import { NO_TRANSCRIPT, nextTranscript, promisesWords } from './partial-transcript.ts';
import { STATES, uploadView } from './testing/scripted-manager.ts';

const { recording, processing, idle } = STATES;
const said = nextTranscript(NO_TRANSCRIPT, recording);

describe('what was understood so far', () => {
  it('grows, and stays when a session is made anew', () => {
    expect(said).toEqual({ recordingId: 'r-1', text: 'This morning I walked to the lake', expected: true });
    expect(nextTranscript(said, processing)).toBe(said);
    const more = nextTranscript(said, { ...processing, transcript: 'This morning I walked to the lake.' });
    expect(more.text).toBe('This morning I walked to the lake.');
  });

  it('is of one recording only', () => {
    const next = nextTranscript(said, { ...recording, recordingId: 'r-2', transcript: '' });
    expect(next).toEqual({ recordingId: 'r-2', text: '', expected: true });
    expect(nextTranscript(said, idle)).toEqual(NO_TRANSCRIPT);
    expect(nextTranscript(NO_TRANSCRIPT, idle)).toBe(NO_TRANSCRIPT);
  });

  it('keeps its place when the recording turns out to go up as one file', () => {
    const upload = uploadView({ strategy: 'single' });
    expect(nextTranscript(said, { ...recording, upload }).expected).toBe(true);
    expect(nextTranscript(NO_TRANSCRIPT, { ...recording, upload }).expected).toBe(false);
  });
});

describe('that words are going to show', () => {
  const young = { ...recording, durationMs: 5_000 };
  it.each([
    ['is said of a recording that goes up in chunks', true, young],
    ['also while it is paused', true, { ...young, phase: 'paused' as const }],
    ['not of one that is heard after stop', false, { ...young, upload: uploadView({ strategy: 'single' }) }],
    ['not without a connection', false, { ...young, upload: uploadView({ online: false }) }],
    ['not after a minute without any', false, { ...young, durationMs: 60_000 }],
    ['not after stop', false, processing],
  ])('%s', (_, expected, state) => {
    expect(promisesWords(state)).toBe(expected);
  });
});
