import { type ReactNode, useRef, useState } from 'react';
import { StyleSheet, View } from 'react-native';
import type { ChunkUploadManager, StorageWarning } from '../upload/chunk-upload-manager.ts';
import type { RecordingState } from '../upload/recording-state.ts';
import { ActionButton } from './ActionButton.tsx';
import { AfterStop, isStopped, StoppedActions } from './AfterStop.tsx';
import { ConfirmDiscard } from './ConfirmDiscard.tsx';
import { Controls } from './Controls.tsx';
import { ElapsedTime } from './ElapsedTime.tsx';
import { Headline } from './Headline.tsx';
import { useWords } from './i18n.ts';
import { LevelMeter } from './LevelMeter.tsx';
import { LiveWords } from './LiveWords.tsx';
import type { VoiceKey } from './locales/voice-words.ts';
import { Notices } from './Notice.tsx';
import { noticesOf } from './notices.ts';
import { NO_TRANSCRIPT, nextTranscript, promisesWords } from './partial-transcript.ts';
import { SafetyLine } from './SafetyLine.tsx';
import type { Asking } from './use-asking.ts';
import { useFocusAfter } from './use-focus-after.ts';
import { useFocusBack } from './use-focus-back.ts';
import { useReducedMotion } from './use-reduced-motion.ts';
import type { VoiceRecording } from './use-voice-recording.ts';

type Props = {
  readonly manager: ChunkUploadManager;
  readonly recording: VoiceRecording;
  readonly canRecord: boolean;
  /** Held by the frame, which asks when it is to be closed. */
  readonly asking: Asking;
};

/** Everything between the frame's edges: what the panel and the modal have in common. */
export function PanelContent({ manager, recording, canRecord, asking }: Props) {
  const words = useWords();
  const reducedMotion = useReducedMotion();
  const headline = useRef<View>(null);
  const { state, progress, warning } = recording;
  const isMaking = state.phase === 'recording' || state.phase === 'paused';
  const askedFrom = useFocusBack(asking.isAsking);
  const thenFocus = useFocusAfter(state.phase, headline);

  const [heard, setHeard] = useState(() => nextTranscript(NO_TRANSCRIPT, state));
  const transcript = nextTranscript(heard, state);
  if (transcript !== heard) setHeard(transcript);

  const ask = (
    <ConfirmDiscard
      what={asking.what}
      onKeep={asking.answered}
      onDiscard={() => {
        asking.answered();
        if (isMaking) thenFocus(recording.cancel);
        else if ('recordingId' in state) thenFocus(() => recording.discard(state.recordingId));
      }}
    />
  );
  const isOff = state.phase === 'idle' && isBlocked(state, warning);
  const hint = isOff ? null : hintOf(state);
  return (
    <View style={styles.content}>
      <View>
        <Headline
          ref={headline}
          title={words(isOff ? 'phase.blocked' : titleOf(state))}
          hint={hint === null ? '' : words(hint)}
        />
        <Notices notices={noticesOf(state, warning)} />
      </View>
      {isStopped(state) ? (
        <>
          <AfterStop
            state={state}
            progress={progress}
            transcript={transcript.text}
            reducedMotion={reducedMotion}
          />
          {asking.isAsking ? (
            ask
          ) : (
            <StoppedActions
              state={state}
              onRetry={() => thenFocus(() => recording.retry(state.recordingId))}
              onDiscard={asking.ask}
              discardRef={askedFrom}
              onNew={() => thenFocus(recording.dismiss)}
            />
          )}
        </>
      ) : (
        <>
          {isMaking && (
            <Together>
              <ElapsedTime manager={manager} />
              <LevelMeter
                manager={manager}
                active={state.phase === 'recording'}
                reducedMotion={reducedMotion}
              />
              {transcript.expected && <LiveWords text={transcript.text} promised={promisesWords(state)} />}
            </Together>
          )}
          {asking.isAsking ? (
            ask
          ) : (
            <Controls
              phase={isMaking ? state.phase : state.phase === 'starting' ? 'starting' : 'ready-to-record'}
              canRecord={canRecord && !isBlocked(state, warning)}
              onRecord={() => void recording.start()}
              onStop={() => thenFocus(recording.stop)}
              onPause={recording.pause}
              onResume={recording.resume}
              onCancel={asking.ask}
              cancelRef={askedFrom}
            />
          )}
          {isMaking && <SafetyLine upload={state.upload} />}
          {isOff && (
            <View style={styles.middle}>
              <ActionButton label={words('action.checkAgain')} onPress={() => void recording.check()} />
            </View>
          )}
        </>
      )}
    </View>
  );
}

function Together({ children }: { children: ReactNode }) {
  return <View style={styles.together}>{children}</View>;
}

/** There is no use in trying. */
function isBlocked(state: RecordingState, warning: StorageWarning | null): boolean {
  if (state.phase === 'refused') return state.reason === 'not-supported';
  return state.phase === 'idle' && (warning === 'store-not-available' || warning === 'store-full');
}

function titleOf(state: RecordingState): VoiceKey {
  return isWithoutWords(state) ? 'phase.nothingHeard' : `phase.${state.phase}`;
}

/** Silence, or no speech: that is an end, and no entry. */
function isWithoutWords(state: RecordingState): boolean {
  return state.phase === 'ready' && state.status.entry === undefined;
}

function hintOf(state: RecordingState): VoiceKey | null {
  switch (state.phase) {
    case 'idle':
      return 'hint.idle';
    case 'paused':
      return 'hint.paused';
    case 'processing':
      return 'hint.canLeave';
    case 'discarded':
      return `hint.${state.reason}`;
    case 'ready':
      return isWithoutWords(state) ? 'hint.nothingHeard' : null;
    default:
      return null;
  }
}

const styles = /* @__PURE__ */ StyleSheet.create({
  content: { gap: 24 },
  together: { gap: 12 },
  middle: { alignItems: 'center' },
});
