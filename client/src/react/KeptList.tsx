import { useState } from 'react';
import { StyleSheet, Text, View } from 'react-native';
import type { RecordingSummary } from '../upload/recording-state.ts';
import { ActionButton } from './ActionButton.tsx';
import { ConfirmDiscard } from './ConfirmDiscard.tsx';
import { clockTime } from './durations.ts';
import { useLanguage, useWords } from './i18n.ts';
import { useTheme } from './theme.ts';
import { useFocusBack } from './use-focus-back.ts';
import type { VoiceRecording } from './use-voice-recording.ts';
import { headingLevel } from './web-only.ts';

/** The recordings of earlier visits, each with where it is safe and what can be done about it. */
export function KeptList({ recording }: { readonly recording: VoiceRecording }) {
  const words = useWords();
  const theme = useTheme();
  const { state, recordings } = recording;
  const inHand = 'recordingId' in state ? state.recordingId : null;
  const others = recordings.filter(({ recordingId }) => recordingId !== inHand);
  if (others.length === 0) return null;
  return (
    <View style={styles.list}>
      <Text role="heading" {...headingLevel(3)} style={[styles.heading, { color: theme.text }]}>
        {words('list.title')}
      </Text>
      {others.map((kept) => (
        <KeptRow key={kept.recordingId} kept={kept} recording={recording} />
      ))}
    </View>
  );
}

function KeptRow({ kept, recording }: { kept: RecordingSummary; recording: VoiceRecording }) {
  const words = useWords();
  const theme = useTheme();
  const [asks, setAsks] = useState(false);
  const askedFrom = useFocusBack(asks);
  const { state, recordingId } = kept;
  const when = new Date(kept.createdAt).toLocaleString(useLanguage(), {
    dateStyle: 'medium',
    timeStyle: 'short',
  });
  const quiet = [styles.text, { color: theme.quietText }];
  const isStuck = (state.phase === 'kept' && state.reason !== 'elsewhere') || state.phase === 'failed';
  return (
    <View style={[styles.row, { borderColor: theme.line }]}>
      <Text style={[styles.text, { color: theme.text }]}>{`${when} · ${clockTime(kept.durationMs)}`}</Text>
      <Text style={quiet}>{words(`phase.${state.phase}`)}</Text>
      {'upload' in state && <Text style={quiet}>{words(`safety.${state.upload.safety}`)}</Text>}
      {state.phase === 'kept' && <Text style={quiet}>{words(`kept.${state.reason}`)}</Text>}
      {kept.cutOff && <Text style={quiet}>{words('list.cutOff')}</Text>}
      {isStuck && !asks && (
        <View style={styles.actions}>
          {(state.phase === 'kept' || state.failure.retriable) && (
            <ActionButton label={words('action.retry')} onPress={() => void recording.retry(recordingId)} />
          )}
          <ActionButton
            ref={askedFrom}
            kind="danger"
            label={words('action.discard')}
            onPress={() => setAsks(true)}
          />
        </View>
      )}
      {asks && (
        <ConfirmDiscard
          what="discard"
          onKeep={() => setAsks(false)}
          onDiscard={() => {
            setAsks(false);
            void recording.discard(recordingId);
          }}
        />
      )}
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  list: { gap: 12 },
  heading: { fontSize: 17, lineHeight: 24, fontWeight: '600' },
  row: { borderTopWidth: 1, paddingTop: 12, gap: 2 },
  text: { fontSize: 15, lineHeight: 22 },
  actions: { flexDirection: 'row', flexWrap: 'wrap', gap: 12, marginTop: 10 },
});
