import { useRef } from 'react';
import { type NativeScrollEvent, ScrollView, StyleSheet, Text } from 'react-native';
import { useWords } from './i18n.ts';
import { useTheme } from './theme.ts';

/** Less than a line: a finger seldom hits the very end. */
const NEARLY = 12;

type Props = { readonly text: string; readonly lines: number };

/**
 * A text that grows, its last lines in sight; the older ones are a scroll away, and who has scrolled there stays there.
 * It jumps to its end: a smooth way would be motion, and not come before the next words do.
 */
export function NewestWords({ text, lines }: Props) {
  const words = useWords();
  const theme = useTheme();
  const scroll = useRef<ScrollView>(null);
  const isAtEnd = useRef(true);
  return (
    <ScrollView
      ref={scroll}
      role="region"
      aria-label={words('entry.live')}
      tabIndex={0}
      nestedScrollEnabled
      style={[styles.scroll, { maxHeight: lines * LINE }]}
      scrollEventThrottle={100}
      onScroll={({ nativeEvent }) => {
        isAtEnd.current = endsInSight(nativeEvent);
      }}
      onContentSizeChange={() => {
        if (isAtEnd.current) scroll.current?.scrollToEnd({ animated: false });
      }}
    >
      <Text style={[styles.text, { color: theme.text }]}>{text}</Text>
    </ScrollView>
  );
}

function endsInSight({ contentOffset, layoutMeasurement, contentSize }: NativeScrollEvent): boolean {
  return contentOffset.y + layoutMeasurement.height >= contentSize.height - NEARLY;
}

/** Height of a line. */
export const LINE = 25;

const styles = /* @__PURE__ */ StyleSheet.create({
  scroll: { flexGrow: 0 },
  text: { fontSize: 16, lineHeight: LINE },
});
