import { useEffect, useId, useRef } from 'react';
import { StyleSheet, Text, View } from 'react-native';
import { ActionButton } from './ActionButton.tsx';
import { useWords } from './i18n.ts';
import { moveFocus } from './move-focus.ts';
import { useTheme } from './theme.ts';
import { webOnly } from './web-only.ts';

type Props = {
  /** `cancel`: the recording being made. `discard`: one that is kept. */
  readonly what: 'cancel' | 'discard';
  readonly onKeep: () => void;
  readonly onDiscard: () => void;
};

/** Asks before anything said is thrown away. The focus goes to the answer that keeps it; Escape is that answer, too. */
export function ConfirmDiscard({ what, onKeep, onDiscard }: Props) {
  const words = useWords();
  const theme = useTheme();
  const textId = useId();
  const keep = useRef<View>(null);
  useEffect(() => moveFocus(keep.current), []);
  const title = words(`confirm.${what}Title`);
  return (
    <View
      role="alertdialog"
      aria-label={title}
      style={[styles.box, { borderColor: theme.line, backgroundColor: theme.surface }]}
      {...webOnly({
        'aria-describedby': textId,
        onKeyUp: (event: { key: string; stopPropagation(): void }) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation(); // or a modal around it would close
          onKeep();
        },
      })}
    >
      <Text style={[styles.title, { color: theme.text }]}>{title}</Text>
      <Text nativeID={textId} style={[styles.text, { color: theme.text }]}>
        {words(`confirm.${what}Text`)}
      </Text>
      <View style={styles.answers}>
        <ActionButton ref={keep} kind="main" label={words('confirm.keep')} onPress={onKeep} />
        <ActionButton kind="danger" label={words('confirm.discard')} onPress={onDiscard} />
      </View>
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  box: { borderWidth: 1, borderRadius: 18, padding: 20, gap: 6 },
  title: { fontSize: 18, lineHeight: 26, fontWeight: '600' },
  text: { fontSize: 16, lineHeight: 24 },
  answers: { flexDirection: 'row', flexWrap: 'wrap', gap: 12, marginTop: 14 },
});
