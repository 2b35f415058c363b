/** The console begins here: reads where one arrives, makes its parts, draws. */
import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/ActionIcon.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/ColorSwatch.css';
import '@mantine/core/styles/Text.css';
import '@mantine/core/styles/Anchor.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/NumberInput.css';
import '@mantine/core/styles/Switch.css';
import '@mantine/core/styles/Skeleton.css';
import '@mantine/core/styles/SegmentedControl.css';
import '@mantine/core/styles/FloatingIndicator.css';
import '@mantine/core/styles/VisuallyHidden.css';
import '@mantine/charts/styles.css';
import '../shared/page.css';
import './console.css';
import '../sre/sre.css';
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { createVoiceApi } from '@thankly/voice-client';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Broken, BrokenPage } from '../shared/broken.tsx';
import { remembered } from '../shared/remembered.ts';
import { applyScheme, cssVariables, theme } from '../shared/theme.ts';
import { createSreApi } from '../sre/sre-api.ts';
import { createSreParts } from '../sre/sre-parts.ts';
import { browserTab } from '../sre/tab.ts';
import { App } from './app.tsx';
import { createConsoleApi } from './console-api.ts';
import { createConsoleSignIn } from './console-sign-in.ts';
import { createLiveRollout } from './live-rollout.ts';
import { createNavigation } from './navigation.ts';
import type { ConsoleParts } from './page-parts.ts';
import { createRequests } from './requests.ts';
import { KNOWN_FLAG, routeOf } from './route.ts';
import { words } from './words.ts';

const schemes = localStorageColorSchemeManager({ key: 'thankly-colours' });
applyScheme(schemes.get('auto'));

const baseUrl = location.origin;
const navigation = createNavigation(window);
const arrival = routeOf(navigation.address);
const flag = arrival.page === 'rollout' ? arrival.flag : KNOWN_FLAG;

const anonymous = createVoiceApi({ baseUrl, token: '' });
const signIn = createConsoleSignIn({
  devToken: (role) => anonymous.devToken(role === 'sre' ? 'oncall' : 'pm', role),
  kept: remembered('thankly-console-token', () => sessionStorage),
  first: arrival.page === 'rollout' || arrival.page === 'nowhere' ? 'release-manager' : 'sre',
});
const requests = createRequests({ baseUrl, token: signIn.token });
const api = createConsoleApi(requests);
const parts: ConsoleParts = {
  flag,
  live: createLiveRollout({ api, flag }),
  signIn,
  navigation,
  sre: createSreParts({
    api: createSreApi(requests),
    tab: browserTab,
    links: async () => (await api.rollout(flag)).links,
  }),
};

const root = document.getElementById('root');
if (root === null) throw new Error('console.html has no #root');
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={schemes}
      defaultColorScheme="auto"
    >
      <BrokenPage instead={<Broken {...words.broken} />}>
        <App parts={parts} />
      </BrokenPage>
    </MantineProvider>
  </StrictMode>,
);
