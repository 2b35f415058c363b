/** A page that records, whole: one button, the recorder over the page, the entry when it is ready. */
import type { SessionStatus } from '@thankly/voice-client';
import { createVoiceI18n, EntryView, RecordingModal } from '@thankly/voice-client/react';
import { createWebManager, holdScreen } from '@thankly/voice-client/web';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';

/** Asked for each request; with the token that the server would not have when it answered 401. */
async function token(rejected?: string): Promise<string> {
  const response = await fetch('/my-app/voice-token', {
    cache: rejected === undefined ? 'default' : 'reload',
  });
  return response.text();
}

// One a page, made outside of React. The modal opens it: what an earlier visit left is found and sent.
const manager = createWebManager({ baseUrl: 'https://voice.example', token });
const i18n = createVoiceI18n(navigator.language);

function App() {
  const [recording, setRecording] = useState(false);
  const [entry, setEntry] = useState<SessionStatus | null>(null);
  return (
    <I18nextProvider i18n={i18n}>
      <button type="button" onClick={() => setRecording(true)}>
        Record
      </button>
      <RecordingModal
        manager={manager}
        visible={recording}
        onClose={() => setRecording(false)}
        onEntry={setEntry}
        keepAwake={holdScreen}
      />
      {entry !== null && <EntryView status={entry} />}
    </I18nextProvider>
  );
}

const root = document.getElementById('root');
if (root !== null) createRoot(root).render(<App />);
