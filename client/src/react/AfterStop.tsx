import type { Ref } from 'react';
import { StyleSheet, View } from 'react-native';
import type { SessionStatus } from '../contract.ts';
import type { RecordingState } from '../upload/recording-state.ts';
import { ActionButton } from './ActionButton.tsx';
import { EntryView } from './EntryView.tsx';
import { useWords } from './i18n.ts';
import type { VoiceKey } from './locales/voice-words.ts';
import { ProgressBar } from './ProgressBar.tsx';
import { SafetyLine } from './SafetyLine.tsx';
import { TranscriptView } from './TranscriptView.tsx';

export type StoppedState = Extract<
  RecordingState,
  { readonly phase: 'finishing' | 'sending' | 'kept' | 'processing' | 'ready' | 'failed' }
>;

export function isStopped(state: RecordingState): state is StoppedState {
  return 'recordingId' in state && state.phase !== 'recording' && state.phase !== 'paused';
}

type Props = {
  readonly state: StoppedState;
  readonly progress: number;
  readonly transcript: string;
  readonly reducedMotion: boolean;
};

/** A recording that was made: how far it is, where it is safe, and at the end its entry. */
export function AfterStop({ state, progress, transcript, reducedMotion }: Props) {
  const words = useWords();
  const { phase, upload, recordingId } = state;
  if (phase === 'ready') {
    return (
      <>
        <EntryView status={state.status} />
        {state.status.entry !== undefined && <SafetyLine upload={upload} />}
      </>
    );
  }
  const stage = phase === 'processing' ? stageOf(state.status) : null;
  const isMoving = phase === 'finishing' || phase === 'processing' || (phase === 'sending' && upload.online);
  return (
    <>
      <View style={styles.together}>
        {phase !== 'failed' && (
          <ProgressBar
            key={recordingId}
            progress={progress}
            moving={isMoving}
            reducedMotion={reducedMotion}
            caption={stage === null ? '' : words(stage)}
          />
        )}
        <SafetyLine upload={upload} />
      </View>
      <TranscriptView text={transcript} />
    </>
  );
}

function stageOf(status: SessionStatus | null): VoiceKey {
  const stage = status?.stage;
  return stage === 'merging' || stage === 'transcribing' || stage === 'writing'
    ? `stage.${stage}`
    : 'stage.waiting';
}

type ActionsProps = {
  readonly state: StoppedState;
  readonly onRetry: () => void;
  readonly onDiscard: () => void;
  readonly onNew: () => void;
  readonly discardRef?: Ref<View> | undefined;
};

/** What can be done with it now. While another tab has it in hand, nothing; while it finishes, nothing either. */
export function StoppedActions({ state, onRetry, onDiscard, onNew, discardRef }: ActionsProps) {
  const words = useWords();
  const { phase } = state;
  if (phase === 'finishing') return null;
  const isOurs = phase === 'failed' || (phase === 'kept' && state.reason !== 'elsewhere');
  const canRetry = isOurs && (phase === 'kept' || state.failure.retriable);
  return (
    <View style={styles.actions}>
      {canRetry && <ActionButton kind="main" label={words('action.retry')} onPress={onRetry} />}
      {isOurs && (
        <ActionButton ref={discardRef} kind="danger" label={words('action.discard')} onPress={onDiscard} />
      )}
      <ActionButton
        kind={phase === 'ready' ? 'main' : 'quiet'}
        label={words('action.again')}
        onPress={onNew}
      />
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  together: { gap: 16 },
  actions: { flexDirection: 'row', flexWrap: 'wrap', justifyContent: 'center', gap: 12 },
});
