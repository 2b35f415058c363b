import type { Ref } from 'react';
import { Pressable, StyleSheet, Text, type View } from 'react-native';
import { useTheme } from './theme.ts';

type Props = {
  readonly label: string;
  readonly onPress: () => void;
  /** `main`: what one would do next. */
  readonly kind?: 'main' | 'quiet' | 'danger';
  readonly expanded?: boolean;
  readonly ref?: Ref<View> | undefined;
};

/** A button of words. */
export function ActionButton({ label, onPress, kind = 'quiet', expanded, ref }: Props) {
  const theme = useTheme();
  const ground = kind === 'main' ? theme.accent : theme.surface;
  const edge = kind === 'main' ? theme.accent : kind === 'danger' ? theme.danger : theme.surface;
  const colour = kind === 'main' ? theme.onAccent : kind === 'danger' ? theme.danger : theme.text;
  return (
    <Pressable
      ref={ref}
      role="button"
      {...(expanded === undefined ? {} : { 'aria-expanded': expanded })}
      onPress={onPress}
      style={({ pressed }) => [
        styles.button,
        { backgroundColor: ground, borderColor: edge, outlineColor: theme.accent },
        pressed && styles.pressed,
      ]}
    >
      <Text style={[styles.label, { color: colour }]}>{label}</Text>
    </Pressable>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  button: {
    minHeight: 48,
    minWidth: 48,
    borderRadius: 24,
    borderWidth: 1.5,
    paddingVertical: 10,
    paddingHorizontal: 22,
    alignItems: 'center',
    justifyContent: 'center',
    outlineOffset: 3,
    flexShrink: 1,
  },
  pressed: { opacity: 0.75 },
  label: { fontSize: 16, lineHeight: 22, fontWeight: '600', textAlign: 'center' },
});
