/** Renders a part of the console with what stands around it; what jsdom lacks is made up for. */
import { MantineProvider } from '@mantine/core';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import type { ReactNode } from 'react';
import { Announcer } from '../../shared/announce.tsx';
import { standIn } from '../../shared/testing/stand-in.ts';
import { cssVariables, theme } from '../../shared/theme.ts';
import { normal } from './normal.ts';

export async function renderConsole(part: ReactNode): Promise<void> {
  standIn();
  await act(async () => {
    render(
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} env="test">
        <Announcer>{part}</Announcer>
      </MantineProvider>,
    );
  });
}

/** @param name with plain spaces */
export async function press(name: string, inside: HTMLElement = document.body): Promise<void> {
  const isNamed = (accessible: string) => normal(accessible) === name;
  await act(async () => fireEvent.click(within(inside).getByRole('button', { name: isNamed })));
}

export async function type(label: string, value: string): Promise<void> {
  await act(async () => fireEvent.change(screen.getByLabelText(label), { target: { value } }));
}

/** The names of all buttons there are, in their order. */
export function buttons(inside: HTMLElement = document.body): string[] {
  return within(inside)
    .queryAllByRole('button')
    .map((button) => normal(button.getAttribute('aria-label') ?? button.textContent ?? ''));
}
