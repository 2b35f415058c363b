/** Shows a component with its words, for tests. */
import { act, render, screen } from '@testing-library/react';
import type { i18n } from 'i18next';
import type { ReactElement } from 'react';
import { I18nextProvider } from 'react-i18next';
import { createVoiceI18n } from '../i18n.ts';

export async function renderVoice(element: ReactElement, language = 'en'): Promise<{ i18n: i18n }> {
  const instance = createVoiceI18n(language);
  render(<I18nextProvider i18n={instance}>{element}</I18nextProvider>);
  await settle();
  return { i18n: instance };
}

/** Lets promises that were begun come to their end. */
export async function settle(): Promise<void> {
  await act(async () => {});
}

export async function press(name: string): Promise<void> {
  const button = screen.getByRole('button', { name });
  await act(async () => button.click());
}

export function buttons(): (string | null)[] {
  return screen
    .getAllByRole('button')
    .map((button) => button.getAttribute('aria-label') ?? button.textContent);
}
