import { StyleSheet, View } from 'react-native';
import type { SessionStatus } from '../contract.ts';
import type { ChunkUploadManager } from '../upload/chunk-upload-manager.ts';
import { KeptList } from './KeptList.tsx';
import { PanelContent } from './PanelContent.tsx';
import { type ColourScheme, ThemeContext, useThemeOf } from './theme.ts';
import { useAsking } from './use-asking.ts';
import { useOnEntry } from './use-on-entry.ts';
import { type KeepAwake, useVoiceRecording } from './use-voice-recording.ts';

export type RecordingPanelProps = {
  readonly manager: ChunkUploadManager;
  /** Called once an entry, when it is ready. */
  readonly onEntry?: ((status: SessionStatus) => void) | undefined;
  /** Holds the screen on while recording. */
  readonly keepAwake?: KeepAwake | undefined;
  /** false: what is under way is shown, and no recording can be begun (nobody is signed in, say). */
  readonly canRecord?: boolean | undefined;
  /** Also lists the recordings of earlier visits. */
  readonly listKept?: boolean | undefined;
  /** The app's colours; without it the device's. */
  readonly colourScheme?: ColourScheme | undefined;
};

/** The recorder, to stand in a page of the app's own. Its words need an I18nextProvider around it (`createVoiceI18n`). */
export function RecordingPanel({
  manager,
  onEntry,
  keepAwake,
  canRecord = true,
  listKept = false,
  colourScheme,
}: RecordingPanelProps) {
  const theme = useThemeOf(colourScheme);
  const recording = useVoiceRecording(manager, { keepAwake });
  const asking = useAsking(recording.state);
  useOnEntry(recording.state, onEntry);
  return (
    <ThemeContext value={theme}>
      <View style={[styles.panel, { backgroundColor: theme.ground, borderColor: theme.line }]}>
        <PanelContent manager={manager} recording={recording} canRecord={canRecord} asking={asking} />
        {listKept && <KeptList recording={recording} />}
      </View>
    </ThemeContext>
  );
}

const styles = /* @__PURE__ */ StyleSheet.create({
  panel: {
    borderRadius: 24,
    borderWidth: 1,
    paddingVertical: 32,
    paddingHorizontal: 20,
    gap: 32,
    width: '100%',
  },
});
