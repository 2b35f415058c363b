/** The recorder page: record or bring a recording, watch it go, read the entry, keep house. */
import { Anchor, useComputedColorScheme } from '@mantine/core';
import { RecordingPanel, useWords as useVoiceWords } from '@thankly/voice-client/react';
import { holdScreen } from '@thankly/voice-client/web';
import { useEffect, useSyncExternalStore } from 'react';
import { Announcer } from '../shared/announce.tsx';
import { afterEachEntry } from './after-entry.ts';
import { Banners } from './banners.tsx';
import { ChunksPanel } from './chunks-panel.tsx';
import { Entries } from './entries.tsx';
import { FileSource } from './file-source.tsx';
import { useWords } from './i18n.ts';
import { KeptRecordings } from './kept-recordings.tsx';
import { LANGUAGE_TAG } from './language.ts';
import { PageHeader } from './page-header.tsx';
import type { PageParts } from './page-parts.ts';
import { SignInForm } from './sign-in-form.tsx';
import { YourData } from './your-data.tsx';

export function App({ parts }: { readonly parts: PageParts }) {
  const { words } = useWords();
  const { manager, signIn } = parts;
  const scheme = useComputedColorScheme('light');
  const signedIn = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  useDocumentLanguage();
  useEntryList(parts);

  return (
    <Announcer>
      <a className="skip" href="#recorder">
        {words('skip')}
      </a>
      <PageHeader remember={parts.language} />
      <main className="page">
        <Banners {...parts} />
        <div className="columns">
          <div className="making">
            {signedIn.phase === 'asked' && (
              <SignInForm rejected={signedIn.rejected} onToken={(token) => giveToken(token, parts)} />
            )}
            <div id="recorder" tabIndex={-1}>
              <RecordingPanel manager={manager} keepAwake={holdScreen} colourScheme={scheme} />
            </div>
            <KeptRecordings manager={manager} />
            <FileSource manager={manager} />
            <ChunksPanel manager={manager} />
          </div>
          <div className="keeping">
            <Entries {...parts} />
            <YourData {...parts} />
          </div>
        </div>
      </main>
      <footer className="page-footer quiet small">
        <span>{words('name')}</span>
        <Anchor href="/docs" inherit>
          {words('api')}
        </Anchor>
      </footer>
    </Announcer>
  );
}

/** What waited for somebody to sign in goes on. */
function giveToken(token: string, { signIn, manager, entries }: PageParts): void {
  entries.clear();
  signIn.give(token);
  for (const { recordingId, state } of manager.recordings) {
    if (state.phase === 'kept' && state.reason === 'signed-out') void manager.retry(recordingId);
  }
}

/** While the server cannot be reached. */
const LOOK_AGAIN_MS = 5_000;

/** Fetched when somebody is signed in, and again when the connection is back or an entry got ready. */
function useEntryList({ signIn, entries, manager }: PageParts): void {
  const { phase } = useSyncExternalStore(signIn.subscribe, () => signIn.state);
  useEffect(() => {
    void signIn.look();
  }, [signIn]);
  useEffect(() => {
    if (phase === 'signed-in' || phase === 'unreachable') void entries.load();
    if (phase !== 'unreachable') return;
    const timer = setInterval(() => void signIn.look(), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [phase, entries, signIn]);
  useEffect(() => {
    const again = () => void entries.load();
    window.addEventListener('online', again);
    return () => window.removeEventListener('online', again);
  }, [entries]);
  useEffect(() => afterEachEntry(manager, (entry) => void entries.expect(entry)), [manager, entries]);
}

function useDocumentLanguage(): void {
  const { words, language } = useWords();
  const voice = useVoiceWords();
  const title = `${words('name')}: ${voice('title')}`;
  useEffect(() => {
    document.documentElement.lang = LANGUAGE_TAG[language];
    document.title = title;
  }, [language, title]);
}
