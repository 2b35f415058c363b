import { useRef } from 'react';
import { ScrollView, StyleSheet, Text, View } from 'react-native';
import { useWords } from './i18n.ts';
import { useTheme } from './theme.ts';

/**
 * What was understood so far, the newest always in sight. It is no live region: read aloud while somebody talks it would
 * only be in the way.
 */
export function TranscriptView({ text }: { readonly text: string }) {
  const words = useWords();
  const theme = useTheme();
  const scroll = useRef<ScrollView>(null);
  if (text === '') return null;
  return (
    <View style={[styles.card, { backgroundColor: theme.surface }]}>
      <Text style={[styles.label, { color: theme.quietText }]}>{words('entry.live')}</Text>
      <ScrollView
        ref={scroll}
        role="region"
        aria-label={words('entry.live')}
        tabIndex={0}
        nestedScrollEnabled
        style={styles.scroll}
        onContentSizeChange={() => scroll.current?.scrollToEnd({ animated: false })}
      >
        <Text style={[styles.text, { color: theme.text }]}>{text}</Text>
      </ScrollView>
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  card: { borderRadius: 18, padding: 16, gap: 4 },
  label: { fontSize: 14, lineHeight: 20 },
  scroll: { maxHeight: 150, flexGrow: 0 },
  text: { fontSize: 16, lineHeight: 25 },
});
