/** The hook, the modal and their words: React Native primitives, which the web shows by react-native-web. */

export { clockTime } from './durations.ts';
export { EntryView, emotionWord } from './EntryView.tsx';
export { createVoiceI18n, spokenDuration, useWords, voiceResources, type Words } from './i18n.ts';
export type { VoiceKey, VoiceWords } from './locales/voice-words.ts';
export { RecordingModal, type RecordingModalProps } from './RecordingModal.tsx';
export { RecordingPanel, type RecordingPanelProps } from './RecordingPanel.tsx';
export { type ColourScheme, THEMES, type Theme } from './theme.ts';
export { NO_PROGRESS, nextProgress, type Progress, UPLOAD_SHARE, uploadProgress } from './upload-progress.ts';
export { useElapsedSeconds, useMeter } from './use-meter.ts';
export { useReducedMotion } from './use-reduced-motion.ts';
export { useTweened } from './use-tweened.ts';
export {
  type KeepAwake,
  useVoiceRecording,
  type VoiceRecording,
  type VoiceRecordingOptions,
} from './use-voice-recording.ts';
