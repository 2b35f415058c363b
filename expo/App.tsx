/** The demo: which server, and the recorder over it. Everything else is the client's. */
import type { ChunkUploadManager, SessionStatus } from '@thankly/voice-client';
import { createVoiceI18n, EntryView, RecordingModal } from '@thankly/voice-client/react';
import { useState } from 'react';
import { I18nextProvider } from 'react-i18next';
import { Button, Platform, ScrollView, StyleSheet, Text, TextInput, View } from 'react-native';
import { connect, keepAwake } from './connect.ts';

const i18n = createVoiceI18n(Intl.DateTimeFormat().resolvedOptions().locale);
/** The machine that runs the emulator or simulator. */
const DEVELOPMENT_SERVER = Platform.OS === 'android' ? 'http://10.0.2.2:8080' : 'http://127.0.0.1:8080';

export function App() {
  const [url, setUrl] = useState(DEVELOPMENT_SERVER);
  const [token, setToken] = useState('');
  const [manager, setManager] = useState<ChunkUploadManager | null>(null);
  const [problem, setProblem] = useState('');
  const [recording, setRecording] = useState(false);
  const [entry, setEntry] = useState<SessionStatus | null>(null);

  async function connectTo() {
    setProblem('');
    try {
      await manager?.close();
      setManager(null);
      setManager(await connect(url.trim(), token.trim()));
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <I18nextProvider i18n={i18n}>
      <ScrollView contentContainerStyle={styles.page} keyboardShouldPersistTaps="handled">
        <Text role="heading" style={styles.title}>
          Thankly Voice
        </Text>
        <TextInput
          accessibilityLabel="Server"
          value={url}
          onChangeText={setUrl}
          autoCapitalize="none"
          autoCorrect={false}
          inputMode="url"
          style={styles.field}
        />
        <TextInput
          accessibilityLabel="Token"
          placeholder="Token (empty: a development server gives one)"
          value={token}
          onChangeText={setToken}
          autoCapitalize="none"
          autoCorrect={false}
          secureTextEntry
          style={styles.field}
        />
        <Button title={manager === null ? 'Connect' : 'Connect again'} onPress={() => void connectTo()} />
        {problem !== '' && <Text role="alert">{problem}</Text>}
        {manager !== null && (
          <View style={styles.recorder}>
            <Button title="Record" onPress={() => setRecording(true)} />
            <RecordingModal
              manager={manager}
              visible={recording}
              onClose={() => setRecording(false)}
              onEntry={setEntry}
              keepAwake={keepAwake}
            />
          </View>
        )}
        {entry !== null && <EntryView status={entry} />}
      </ScrollView>
    </I18nextProvider>
  );
}

const styles = StyleSheet.create({
  page: { paddingTop: 80, paddingHorizontal: 20, gap: 16 },
  title: { fontSize: 24, fontWeight: '600' },
  field: { borderWidth: 1, borderColor: '#888', borderRadius: 8, padding: 12 },
  recorder: { gap: 16 },
});
