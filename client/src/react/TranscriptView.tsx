import { StyleSheet, Text, View } from 'react-native';
import { useWords } from './i18n.ts';
import { NewestWords } from './NewestWords.tsx';
import { useTheme } from './theme.ts';

const LINES = 6;

/** After stop: what was understood so far, until the entry is there. */
export function TranscriptView({ text }: { readonly text: string }) {
  const words = useWords();
  const theme = useTheme();
  if (text === '') return null;
  return (
    <View style={[styles.card, { backgroundColor: theme.surface }]}>
      <Text style={[styles.label, { color: theme.quietText }]}>{words('entry.live')}</Text>
      <NewestWords text={text} lines={LINES} />
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  card: { borderRadius: 18, padding: 16, gap: 4 },
  label: { fontSize: 14, lineHeight: 20 },
});
