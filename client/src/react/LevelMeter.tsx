import { useState } from 'react';
import { StyleSheet, View } from 'react-native';
import type { ChunkUploadManager } from '../upload/chunk-upload-manager.ts';
import { BARS, nextHistory, startHistory } from './level-history.ts';
import { useTheme } from './theme.ts';
import { useMeter } from './use-meter.ts';

const HEIGHT = 56;
/** With reduced motion, the loudest of so many readings: it steps twice a second instead of flickering. */
const HOLD = 5;

type Props = {
  readonly manager: ChunkUploadManager;
  readonly active: boolean;
  readonly reducedMotion: boolean;
};

/**
 * How loud it is, as bars that wander to the left; with reduced motion one row that fills from the left. It alone draws
 * ten times a second. A screen reader is told of silence by a notice, not by this.
 */
export function LevelMeter({ manager, active, reducedMotion }: Props) {
  const meter = useMeter(manager);
  const theme = useTheme();
  const [history, setHistory] = useState(() => startHistory(meter));
  const { heights } = nextHistory(history, meter);
  if (meter !== history.last) setHistory(nextHistory(history, meter));

  const loudest = Math.max(...heights.slice(-HOLD)) * BARS;
  return (
    <View aria-hidden importantForAccessibility="no-hide-descendants" style={styles.meter}>
      {heights.map((height, bar) => {
        const lit = reducedMotion ? bar < loudest : height > 0.02;
        return (
          <View
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={bar}
            style={[
              styles.bar,
              { height: reducedMotion ? 20 : 4 + height * (HEIGHT - 4) },
              { backgroundColor: lit ? (active ? theme.accent : theme.quietText) : theme.track },
            ]}
          />
        );
      })}
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  meter: { height: HEIGHT, flexDirection: 'row', alignItems: 'center', justifyContent: 'center', gap: 3 },
  bar: { flexGrow: 1, flexShrink: 1, flexBasis: 0, maxWidth: 5, borderRadius: 3 },
});
