import { StyleSheet, Text, View } from 'react-native';
import type { ChunkUploadManager } from '../upload/chunk-upload-manager.ts';
import { clockTime } from './durations.ts';
import { spokenDuration, useWords } from './i18n.ts';
import { useTheme } from './theme.ts';
import { useElapsedSeconds } from './use-meter.ts';

/** A timer is read when it is asked for, not at each tick: its role is no live region. */
export function ElapsedTime({ manager }: { readonly manager: ChunkUploadManager }) {
  const words = useWords();
  const theme = useTheme();
  const milliseconds = useElapsedSeconds(manager) * 1000;
  return (
    <View
      accessible
      role="timer"
      aria-label={words('duration.elapsed', { time: spokenDuration(words, milliseconds) })}
    >
      <Text style={[styles.digits, { color: theme.text }]}>{clockTime(milliseconds)}</Text>
    </View>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  digits: {
    fontSize: 56,
    lineHeight: 64,
    fontWeight: '300',
    fontVariant: ['tabular-nums'],
    textAlign: 'center',
  },
});
