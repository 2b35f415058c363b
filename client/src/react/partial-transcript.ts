/** What was understood so far, through all phases: it doesn't vanish between the last partial one and the first status. */
import type { RecordingState } from '../upload/recording-state.ts';

export type PartialTranscript = { readonly recordingId: string | null; readonly text: string };

export const NO_TRANSCRIPT: PartialTranscript = { recordingId: null, text: '' };

/** The same object when nothing changed. */
export function nextTranscript(previous: PartialTranscript, state: RecordingState): PartialTranscript {
  const recordingId = 'recordingId' in state ? state.recordingId : null;
  const before = recordingId === previous.recordingId ? previous.text : '';
  const text = textOf(state) || before;
  return recordingId === previous.recordingId && text === previous.text ? previous : { recordingId, text };
}

function textOf(state: RecordingState): string {
  if (state.phase === 'recording' || state.phase === 'paused') return state.transcript;
  return 'status' in state ? (state.status?.transcript?.text ?? '') : '';
}
