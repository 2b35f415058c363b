import { StyleSheet, Text, View } from 'react-native';
import { useWords } from './i18n.ts';
import { useTheme } from './theme.ts';
import { LEAD } from './tween.ts';
import { useTweened } from './use-tweened.ts';

type Props = {
  /** 0–1. */
  readonly progress: number;
  /** Something goes on, though the progress stands: it may creep a little ahead. */
  readonly moving: boolean;
  readonly reducedMotion: boolean;
  readonly caption: string;
};

/** The one bar for upload and processing. What is drawn is eased; what is said is the progress itself. */
export function ProgressBar({ progress, moving, reducedMotion, caption }: Props) {
  const words = useWords();
  const theme = useTheme();
  const shown = useTweened(progress, reducedMotion, moving ? LEAD : 0);
  const percent = percentOf(progress);
  return (
    <View style={styles.whole}>
      <View
        accessible
        role="progressbar"
        aria-label={words('upload.progress')}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={`${words('upload.percent', { percent })}${caption === '' ? '' : `, ${caption}`}`}
        style={[styles.track, { backgroundColor: theme.track }]}
      >
        <View style={[styles.fill, { backgroundColor: theme.accent, width: `${shown * 100}%` }]} />
      </View>
      <View style={styles.line}>
        <Text style={[styles.caption, { color: theme.quietText }]}>{caption}</Text>
        <Text style={[styles.percent, { color: theme.quietText }]}>
          {words('upload.percent', { percent: percentOf(shown) })}
        </Text>
      </View>
    </View>
  );
}

/** Whole ones; 0.62 is 62, whatever it is in binary. */
function percentOf(share: number): number {
  return Math.floor(share * 100 + 1e-6);
}

const styles = /* @__PURE__ */ StyleSheet.create({
  whole: { gap: 8 },
  track: { height: 10, borderRadius: 5, overflow: 'hidden' },
  fill: { height: '100%', borderRadius: 5 },
  line: { flexDirection: 'row', justifyContent: 'space-between', gap: 12 },
  caption: { fontSize: 14, lineHeight: 20, flexShrink: 1 },
  percent: { fontSize: 14, lineHeight: 20, fontVariant: ['tabular-nums'] },
});
