import { StyleSheet, Text, View } from 'react-native';
import type { UploadView } from '../upload/recording-state.ts';
import { useWords } from './i18n.ts';
import { useTheme } from './theme.ts';

/** Where the words are safe, and how many parts are there. */
export function SafetyLine({ upload }: { readonly upload: UploadView }) {
  const words = useWords();
  const theme = useTheme();
  const { safety, chunks, strategy } = upload;
  const sent = chunks.filter(({ state }) => state === 'acknowledged').length;
  const parts =
    safety === 'entry-ready' || chunks.length === 0
      ? ''
      : strategy === 'single'
        ? words('upload.whole')
        : words('upload.parts', { count: chunks.length, sent });
  const isThere = safety === 'uploaded' || safety === 'entry-ready';
  return (
    <View style={styles.line}>
      <View
        aria-hidden
        style={[styles.dot, { borderColor: theme.accent }, isThere && { backgroundColor: theme.accent }]}
      />
      <View style={styles.words}>
        <Text style={[styles.text, { color: theme.text }]}>{words(`safety.${safety}`)}</Text>
        {parts !== '' && safety !== 'uploaded' && (
          <Text style={[styles.text, { color: theme.quietText }]}>{parts}</Text>
        )}
      </View>
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  line: { flexDirection: 'row', gap: 10, alignItems: 'flex-start' },
  dot: { width: 10, height: 10, borderRadius: 5, borderWidth: 2, marginTop: 6 },
  words: { flex: 1 },
  text: { fontSize: 15, lineHeight: 22 },
});
