import type { Ref } from 'react';
import { StyleSheet, Text, View } from 'react-native';
import { useTheme } from './theme.ts';
import { useAnnouncement } from './use-announcement.ts';
import { headingLevel } from './web-only.ts';

type Props = { readonly title: string; readonly hint: string; readonly ref?: Ref<View> };

/** What is going on, in a word. A change of it is read by screen readers; the focus comes here when its button goes. */
export function Headline({ title, hint, ref }: Props) {
  const theme = useTheme();
  useAnnouncement(title);
  return (
    <View ref={ref} tabIndex={-1} role="status" aria-live="polite" style={styles.headline}>
      <Text role="heading" {...headingLevel(2)} style={[styles.text, { color: theme.text }]}>
        {title}
      </Text>
      {hint !== '' && <Text style={[styles.hint, { color: theme.quietText }]}>{hint}</Text>}
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  headline: { gap: 6, alignItems: 'center', outlineWidth: 0 },
  text: { fontSize: 22, lineHeight: 30, fontWeight: '600', textAlign: 'center' },
  hint: { fontSize: 16, lineHeight: 24, textAlign: 'center' },
});
