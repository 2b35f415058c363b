/** The union that an app renders, in words: nothing else is to know, and the compiler says when a state is missing. */
import type { RecordingState, Safety } from '@thankly/voice-client';

const SAFETY: Readonly<Record<Safety, string>> = {
  recorded: 'recorded, and on its way',
  'on-this-device-only': 'on this device only',
  'partly-uploaded': 'partly uploaded; all of it is on this device',
  uploaded: 'uploaded: safe on the server',
  'entry-ready': 'entry ready',
};

export function inWords(state: RecordingState): string {
  switch (state.phase) {
    case 'idle':
      return 'ready to record';
    case 'starting':
      return 'starting the microphone';
    case 'refused':
      return `could not record: ${state.reason}`;
    case 'recording':
    case 'paused':
      return `${state.phase}, ${SAFETY[state.upload.safety]}${state.trouble === null ? '' : `; ${state.trouble}`}`;
    case 'finishing':
    case 'sending':
    case 'processing':
      return `${state.phase}, ${SAFETY[state.upload.safety]}`;
    case 'kept':
      return `kept (${state.reason}), ${SAFETY[state.upload.safety]}`;
    case 'ready':
      return state.status.entry?.title ?? 'nothing was said';
    case 'failed':
      return `no entry: ${state.failure.message}`;
    case 'discarded':
      return state.reason === 'empty' ? 'nothing was recorded' : 'discarded';
    default:
      return state satisfies never;
  }
}
