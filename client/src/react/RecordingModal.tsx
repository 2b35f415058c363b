import { Modal, Pressable, ScrollView, StyleSheet, Text, useWindowDimensions, View } from 'react-native';
import { useWords } from './i18n.ts';
import { KeptList } from './KeptList.tsx';
import { PanelContent } from './PanelContent.tsx';
import type { RecordingPanelProps } from './RecordingPanel.tsx';
import { ThemeContext, useThemeOf } from './theme.ts';
import { useAsking } from './use-asking.ts';
import { useOnEntry } from './use-on-entry.ts';
import { useReducedMotion } from './use-reduced-motion.ts';
import { useVoiceRecording } from './use-voice-recording.ts';

export type RecordingModalProps = Omit<RecordingPanelProps, 'listKept'> & {
  readonly visible: boolean;
  readonly onClose: () => void;
  /** Of the screen's edges that a notch or a bar covers, as react-native-safe-area-context gives them. */
  readonly insets?: { readonly top: number; readonly bottom: number } | undefined;
};

/** Wider than this it is a card on the page, else it fills the screen. */
const CARD_FROM = 600;

/**
 * The recorder over the app. Closing it never loses a word: while something is being recorded it asks first, and what is
 * being sent or written goes on without it. What has come to its end is put away, so that it opens fresh.
 */
export function RecordingModal({
  manager,
  visible,
  onClose,
  onEntry,
  keepAwake,
  canRecord = true,
  colourScheme,
  insets = { top: 0, bottom: 0 },
}: RecordingModalProps) {
  const words = useWords();
  const theme = useThemeOf(colourScheme);
  const reducedMotion = useReducedMotion();
  const isCard = useWindowDimensions().width >= CARD_FROM;
  const recording = useVoiceRecording(manager, { keepAwake });
  const asking = useAsking(recording.state);
  const { phase } = recording.state;
  useOnEntry(recording.state, onEntry);

  const close = () => {
    if (asking.isAsking) return asking.answered();
    if (phase === 'starting') return;
    if (phase === 'recording' || phase === 'paused') return asking.ask();
    if (phase === 'ready' || phase === 'refused' || phase === 'discarded') recording.dismiss();
    onClose();
  };
  return (
    <ThemeContext value={theme}>
      <Modal
        visible={visible}
        transparent
        animationType={reducedMotion ? 'none' : 'fade'}
        onRequestClose={close}
        aria-label={words('title')}
      >
        <View style={[styles.backdrop, isCard && styles.around, { backgroundColor: theme.backdrop }]}>
          <View
            style={[
              styles.sheet,
              { backgroundColor: theme.ground, paddingTop: insets.top, paddingBottom: insets.bottom },
              isCard && styles.card,
            ]}
          >
            <View style={styles.bar}>
              <Text style={[styles.title, { color: theme.quietText }]}>{words('title')}</Text>
              <Pressable
                role="button"
                onPress={close}
                style={({ pressed }) => [
                  styles.close,
                  { backgroundColor: theme.surface, outlineColor: theme.accent },
                  pressed && styles.pressed,
                ]}
              >
                <Text style={[styles.closeText, { color: theme.text }]}>{words('action.close')}</Text>
              </Pressable>
            </View>
            <ScrollView style={styles.scroll} contentContainerStyle={styles.content}>
              <PanelContent manager={manager} recording={recording} canRecord={canRecord} asking={asking} />
              {(phase === 'idle' || phase === 'discarded') && <KeptList recording={recording} />}
            </ScrollView>
          </View>
        </View>
      </Modal>
    </ThemeContext>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  backdrop: { flex: 1 },
  around: { alignItems: 'center', justifyContent: 'center', padding: 24 },
  sheet: { flex: 1, width: '100%' },
  card: { flexGrow: 0, flexShrink: 1, flexBasis: 'auto', maxWidth: 480, maxHeight: '100%', borderRadius: 28 },
  bar: {
    flexDirection: 'row',
    alignItems: 'center',
    justifyContent: 'space-between',
    paddingTop: 16,
    paddingHorizontal: 20,
    gap: 12,
  },
  title: { fontSize: 15, lineHeight: 22, flexShrink: 1 },
  close: {
    minHeight: 44,
    minWidth: 44,
    borderRadius: 22,
    paddingHorizontal: 18,
    alignItems: 'center',
    justifyContent: 'center',
    outlineOffset: 2,
  },
  pressed: { opacity: 0.75 },
  closeText: { fontSize: 15, lineHeight: 22, fontWeight: '600' },
  scroll: { flexGrow: 0, flexShrink: 1 },
  content: { padding: 20, paddingBottom: 32, gap: 32 },
});
