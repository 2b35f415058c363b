/** The recorder page begins here: reads its parameters, makes its parts, draws. */
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Text.css';
import '@mantine/core/styles/Anchor.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Loader.css';
import '@mantine/core/styles/Skeleton.css';
import '@mantine/core/styles/SegmentedControl.css';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/VisuallyHidden.css';
import '../shared/page.css';
import './recorder.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { createVoiceApi } from '@thankly/voice-client';
import { createWebManager } from '@thankly/voice-client/web';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { remembered } from '../shared/remembered.ts';
import { createSignIn } from '../shared/sign-in.ts';
import { applyScheme, cssVariables, theme } from '../shared/theme.ts';
import { App } from './app.tsx';
import { BrokenRecorder } from './broken.tsx';
import { createEntryList } from './entry-list.ts';
import { createI18n } from './i18n.ts';
import { chooseLanguage } from './language.ts';
import { ownedToken } from './owner.ts';
import { readParameters } from './page-parameters.ts';
import type { PageParts } from './page-parts.ts';
import { fetchProvider } from './provider.ts';

const schemes = localStorageColorSchemeManager({ key: 'thankly-colours' });
applyScheme(schemes.get('auto'));

const parameters = readParameters(location.search);
const baseUrl = location.origin;
const language = remembered('thankly-language', () => localStorage);
const i18n = createI18n(chooseLanguage([parameters.language, language.read()], navigator.languages));

const anonymous = createVoiceApi({ baseUrl, token: '' });
const signIn = createSignIn({
  demoToken: () => anonymous.devToken('demo'),
  kept: remembered('thankly-token', () => sessionStorage),
});
const owner = remembered('thankly-owner', () => localStorage);
const token = ownedToken(signIn.token, owner, (next) => parts.manager.changeOwner(next));
const api = createVoiceApi({ baseUrl, token });
const parts: PageParts = {
  api,
  manager: createWebManager({
    baseUrl,
    token,
    owner: owner.read(),
    ...(parameters.mode === null ? {} : { mode: parameters.mode }),
    recorder: {
      processing: parameters.processing,
      ...(parameters.mimeType === null ? {} : { mimeType: parameters.mimeType }),
    },
  }),
  entries: createEntryList(api),
  signIn,
  provider: fetchProvider,
  language,
};

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <I18nextProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariables}
        colorSchemeManager={schemes}
        defaultColorScheme="auto"
      >
        <BrokenRecorder>
          <App parts={parts} />
        </BrokenRecorder>
      </MantineProvider>
    </I18nextProvider>
  </StrictMode>,
);
