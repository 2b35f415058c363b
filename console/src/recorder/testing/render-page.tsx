/** Renders a part of the page with what stands around it, in English; what jsdom lacks is made up for. */
import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { Announcer } from '../../shared/announce.tsx';
import { standIn } from '../../shared/testing/stand-in.ts';
import { cssVariables, theme } from '../../shared/theme.ts';
import { createI18n } from '../i18n.ts';
import type { Language } from '../language.ts';

export async function renderPage(part: ReactNode, language: Language = 'en'): Promise<void> {
  standIn();
  await act(async () => {
    render(
      <I18nextProvider i18n={createI18n(language)}>
        <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
          <Announcer>{part}</Announcer>
        </MantineProvider>
      </I18nextProvider>,
    );
  });
}

export async function press(name: string | RegExp): Promise<void> {
  await act(async () => fireEvent.click(screen.getByRole('button', { name })));
}
