/** What a person has to be told beside the state itself: troubles, refusals, warnings. Pure. */
import type { StorageWarning } from '../upload/chunk-upload-manager.ts';
import type { RecordingState } from '../upload/recording-state.ts';
import type { VoiceKey } from './locales/voice-words.ts';

export type NoticeView = {
  readonly tone: 'info' | 'warning' | 'danger';
  /** Said at once, interrupting: something is wrong with the recording. Others wait their turn. */
  readonly urgent: boolean;
  readonly title?: VoiceKey;
  readonly text: VoiceKey;
};

export function noticesOf(state: RecordingState, warning: StorageWarning | null): readonly NoticeView[] {
  switch (state.phase) {
    case 'idle':
      return warning === null ? [] : [ofWarning(warning)];
    case 'refused':
      return [urgent('danger', `refused.${state.reason}.text`, `refused.${state.reason}.title`)];
    case 'recording':
    case 'paused':
      return [
        ...(state.trouble === null
          ? []
          : [urgent('warning', `trouble.${state.trouble}.text`, `trouble.${state.trouble}.title`)]),
        ...(state.upload.online ? [] : [calm('info', 'offline.recording', 'offline.title')]),
      ];
    case 'finishing':
      return []; // its last chunk is still being written down: “it is sent by itself” would be too early
    case 'sending':
      return state.upload.online ? [] : [calm('info', 'offline.kept', 'offline.title')];
    case 'processing':
      return state.upload.online ? [] : [calm('info', 'offline.processing', 'offline.title')];
    case 'kept':
      return [ofKept(state)];
    case 'failed':
      return [urgent('danger', whyFailed(state.failure.code, state.failure.retriable))];
    case 'starting':
    case 'ready':
    case 'discarded':
      return [];
    default:
      return state satisfies never;
  }
}

function ofWarning(warning: StorageWarning): NoticeView {
  return warning === 'store-may-be-evicted'
    ? calm('warning', `warning.${warning}.text`, `warning.${warning}.title`)
    : urgent('danger', `refused.${warning}.text`, `refused.${warning}.title`);
}

function ofKept({ reason, code }: RecordingState & { phase: 'kept' }): NoticeView {
  if (reason === 'offline') return calm('info', 'offline.kept', 'offline.title');
  if (reason === 'trying-again' || reason === 'elsewhere') return calm('info', `kept.${reason}`);
  if (code === 'recording_too_large') return urgent('warning', 'keptTooLarge');
  if (code === 'recording_empty') return urgent('warning', 'keptEmpty');
  return urgent('warning', `kept.${reason}`);
}

function whyFailed(code: string, retriable: boolean): VoiceKey {
  if (retriable) return 'failed.again';
  return code === 'audio_unreadable' || code === 'audio_too_short' ? 'failed.unreadable' : 'failed.final';
}

function urgent(tone: NoticeView['tone'], text: VoiceKey, title?: VoiceKey): NoticeView {
  return { tone, urgent: true, text, ...(title === undefined ? {} : { title }) };
}

function calm(tone: NoticeView['tone'], text: VoiceKey, title?: VoiceKey): NoticeView {
  return { tone, urgent: false, text, ...(title === undefined ? {} : { title }) };
}
