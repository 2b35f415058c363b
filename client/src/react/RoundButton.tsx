import type { Ref } from 'react';
import { Pressable, StyleSheet, Text, View } from 'react-native';
import { useTheme } from './theme.ts';

export type Shape = 'record' | 'stop' | 'pause' | 'resume' | 'cross';

type Props = {
  readonly shape: Shape;
  readonly label: string;
  readonly onPress: () => void;
  /** The one in the middle. */
  readonly large?: boolean;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly ref?: Ref<View> | undefined;
};

/** A round button with its word below it. */
export function RoundButton({ shape, label, onPress, large = false, busy, disabled, ref }: Props) {
  const theme = useTheme();
  const ground = large ? theme.accent : theme.surface;
  const colour = large ? theme.onAccent : theme.text;
  return (
    <Pressable
      ref={ref}
      role="button"
      aria-label={label}
      aria-busy={busy === true}
      disabled={disabled === true}
      onPress={onPress}
      style={({ pressed }) => [
        styles.target,
        { outlineColor: theme.accent },
        pressed && styles.pressed,
        disabled === true && styles.disabled,
      ]}
    >
      <View style={large && [styles.ring, { borderColor: theme.accent }]}>
        <View style={[styles.circle, large && styles.large, { backgroundColor: ground }]}>
          <Glyph shape={shape} colour={colour} large={large} />
        </View>
      </View>
      <Text style={[styles.label, { color: large ? theme.text : theme.quietText }, large && styles.strong]}>
        {label}
      </Text>
    </Pressable>
  );
}

/** Drawn of plain views: no font or picture has to be there. */
function Glyph({ shape, colour, large }: { shape: Shape; colour: string; large: boolean }) {
  const size = large ? 28 : 18;
  const filled = { backgroundColor: colour };
  const bar = { width: large ? 8 : 5, height: size, borderRadius: 2 };
  switch (shape) {
    case 'record':
      return <View style={[filled, { width: size, height: size, borderRadius: size / 2 }]} />;
    case 'stop':
      return <View style={[filled, { width: size, height: size, borderRadius: 6 }]} />;
    case 'pause':
      return (
        <View style={styles.bars}>
          <View style={[filled, bar]} />
          <View style={[filled, bar]} />
        </View>
      );
    case 'resume':
      return (
        <View
          style={[
            styles.triangle,
            { borderLeftColor: colour, borderLeftWidth: size * 0.9, borderTopWidth: size / 2 },
            { borderBottomWidth: size / 2, marginLeft: size / 4 },
          ]}
        />
      );
    case 'cross':
      return (
        <View style={{ width: size, height: size }}>
          <View style={[styles.stroke, filled, { width: size, transform: [{ rotate: '45deg' }] }]} />
          <View style={[styles.stroke, filled, { width: size, transform: [{ rotate: '-45deg' }] }]} />
        </View>
      );
    default:
      return shape satisfies never;
  }
}

const styles = /* @__PURE__ */ StyleSheet.create({
  target: {
    minWidth: 72,
    minHeight: 48,
    alignItems: 'center',
    gap: 8,
    padding: 4,
    borderRadius: 16,
    outlineOffset: 2,
    maxWidth: '100%',
  },
  pressed: { opacity: 0.75 },
  disabled: { opacity: 0.45 },
  ring: { borderWidth: 3, borderRadius: 52, padding: 5 },
  circle: { width: 56, height: 56, borderRadius: 28, alignItems: 'center', justifyContent: 'center' },
  large: { width: 84, height: 84, borderRadius: 42 },
  label: { fontSize: 14, lineHeight: 20, textAlign: 'center' },
  strong: { fontSize: 16, lineHeight: 22, fontWeight: '600' },
  bars: { flexDirection: 'row', gap: 5 },
  triangle: { width: 0, height: 0, borderTopColor: 'transparent', borderBottomColor: 'transparent' },
  stroke: { position: 'absolute', top: '50%', height: 3, marginTop: -1.5, borderRadius: 2 },
});
