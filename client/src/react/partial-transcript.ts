/**
 * What was understood so far, through all phases: it doesn't vanish with a session that was made anew, and its place on
 * the screen stays once it was there, so that nothing moves under a finger.
 */
import type { RecordingState } from '../upload/recording-state.ts';

export type PartialTranscript = {
  readonly recordingId: string | null;
  readonly text: string;
  /** Words were to come while this was recorded. */
  readonly expected: boolean;
};

export const NO_TRANSCRIPT: PartialTranscript = { recordingId: null, text: '', expected: false };

/** The same object when nothing changed. */
export function nextTranscript(previous: PartialTranscript, state: RecordingState): PartialTranscript {
  const recordingId = 'recordingId' in state ? state.recordingId : null;
  const before = recordingId === previous.recordingId ? previous : NO_TRANSCRIPT;
  const text = ('transcript' in state ? state.transcript : '') || before.text;
  const expected = before.expected || comeWhileSpoken(state);
  const isSame = before === previous && text === before.text && expected === before.expected;
  return isSame ? previous : { recordingId, text, expected };
}

/** The first take some twenty seconds. After so long without any there are none to be promised: an older server, say. */
const PROMISED_MS = 60_000;

/** Whether to say that words are going to show. */
export function promisesWords(state: RecordingState): boolean {
  return comeWhileSpoken(state) && state.upload.online && state.durationMs < PROMISED_MS;
}

type BeingMade = RecordingState & { readonly phase: 'recording' | 'paused' };

/** A recording that goes up as one file is heard after stop. */
function comeWhileSpoken(state: RecordingState): state is BeingMade {
  return (state.phase === 'recording' || state.phase === 'paused') && state.upload.strategy === 'chunked';
}
