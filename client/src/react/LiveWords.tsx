import { StyleSheet, Text, View } from 'react-native';
import { useWords } from './i18n.ts';
import { LINE, NewestWords } from './NewestWords.tsx';
import { useTheme } from './theme.ts';

const LINES = 3;

type Props = {
  readonly text: string;
  /** Says, while there are none, that words are going to show. */
  readonly promised: boolean;
};

/**
 * The words while they are spoken. Its place is as high without words as with many: the buttons below it don't move.
 * It is no live region: a screen reader's voice would be in the way of who talks, and in the recording. It can be read
 * at any time.
 */
export function LiveWords({ text, promised }: Props) {
  const words = useWords();
  const theme = useTheme();
  const isThere = text !== '' || promised;
  return (
    <View style={[styles.place, isThere && { backgroundColor: theme.surface }]}>
      {text !== '' ? (
        <NewestWords text={text} lines={LINES} />
      ) : (
        promised && <Text style={[styles.hint, { color: theme.quietText }]}>{words('hint.words')}</Text>
      )}
    </View>
  );
}

const PADDING = 12;

const styles = /* @__PURE__ */ StyleSheet.create({
  place: {
    minHeight: LINES * LINE + 2 * PADDING,
    borderRadius: 18,
    paddingVertical: PADDING,
    paddingHorizontal: 16,
    justifyContent: 'center',
  },
  hint: { fontSize: 16, lineHeight: LINE, textAlign: 'center' },
});
