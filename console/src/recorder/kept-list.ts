/** Which recordings the list of kept ones shows, and what can be done with them. */
import type { RecordingState, RecordingSummary } from '@thankly/voice-client';

/** Not the one in hand, which the recorder shows; not one whose entry is there, which the list of entries shows. */
export function isListed({ recordingId, state }: RecordingSummary, inHand: RecordingState): boolean {
  if (state.phase === 'ready' || state.phase === 'discarded') return false;
  return !('recordingId' in inHand) || inHand.recordingId !== recordingId;
}

/** Those that go on by themselves, or are another tab's, have nothing to be tried. */
export function isRetriable(state: RecordingState): boolean {
  if (state.phase === 'failed') return state.failure.retriable;
  if (state.phase !== 'kept') return false;
  return state.reason === 'signed-out' || state.reason === 'refused' || state.reason === 'store-failed';
}
