import type { Ref } from 'react';
import { StyleSheet, View } from 'react-native';
import { useWords } from './i18n.ts';
import { RoundButton } from './RoundButton.tsx';

type Props = {
  readonly phase: 'ready-to-record' | 'starting' | 'recording' | 'paused';
  readonly canRecord: boolean;
  readonly onRecord: () => void;
  readonly onStop: () => void;
  readonly onPause: () => void;
  readonly onResume: () => void;
  readonly onCancel: () => void;
  readonly cancelRef?: Ref<View> | undefined;
};

/**
 * Record and stop are one button in one place, so that the keyboard's focus stays on it. While the microphone starts it
 * is busy, not disabled: a disabled one would lose the focus.
 */
export function Controls({
  phase,
  canRecord,
  onRecord,
  onStop,
  onPause,
  onResume,
  onCancel,
  cancelRef,
}: Props) {
  const words = useWords();
  const isMaking = phase === 'recording' || phase === 'paused';
  return (
    <View style={styles.row}>
      <View key="cancel" style={styles.side}>
        {isMaking && (
          <RoundButton ref={cancelRef} shape="cross" label={words('action.cancel')} onPress={onCancel} />
        )}
      </View>
      <View key="main" style={styles.middle}>
        <RoundButton
          large
          shape={isMaking ? 'stop' : 'record'}
          label={words(isMaking ? 'action.stop' : phase === 'starting' ? 'action.starting' : 'action.record')}
          busy={phase === 'starting'}
          disabled={!isMaking && !canRecord}
          onPress={() => {
            if (isMaking) onStop();
            else if (phase !== 'starting') onRecord();
          }}
        />
      </View>
      <View key="pause" style={styles.side}>
        {isMaking && (
          <RoundButton
            shape={phase === 'paused' ? 'resume' : 'pause'}
            label={words(phase === 'paused' ? 'action.resume' : 'action.pause')}
            onPress={phase === 'paused' ? onResume : onPause}
          />
        )}
      </View>
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  row: { flexDirection: 'row', alignItems: 'center', justifyContent: 'center' },
  side: { flex: 1, alignItems: 'center' },
  middle: { flexGrow: 0, flexShrink: 1, alignItems: 'center', minWidth: 112 },
});
