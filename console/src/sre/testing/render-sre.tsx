/** The SRE pages over a double of the server, at an address that it can look at. */
import { act } from '@testing-library/react';
import type { ReactNode } from 'react';
import { NavigationContext } from '../../console/link.tsx';
import type { Navigation } from '../../console/navigation.ts';
import { renderConsole } from '../../console/testing/render-console.tsx';
import type { SreApi } from '../sre-api.ts';
import { createSreParts, type SreParts } from '../sre-parts.ts';
import type { Tab } from '../tab.ts';
import { tabDouble } from './tab-double.ts';

export const LINKS = { unleash: null, dashboard: 'http://grafana.test/d/rollout' };

export function srePartsOf(api: SreApi, tab: Tab = tabDouble()): SreParts {
  return createSreParts({ api, tab, links: async () => LINKS });
}

export type NavigationDouble = Navigation & { readonly visited: readonly string[] };

export function navigationDouble(first: string): NavigationDouble {
  const visited = [first];
  const listeners = new Set<() => void>();
  return {
    visited,
    get address() {
      return visited.at(-1) ?? '';
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    go(address) {
      visited.push(address);
      for (const listener of [...listeners]) listener();
    },
  };
}

/** Waits until the first answers are there. */
export async function renderSre(
  part: ReactNode,
  navigation: Navigation = navigationDouble('/console'),
): Promise<void> {
  await renderConsole(<NavigationContext value={navigation}>{part}</NavigationContext>);
  await settled();
}

/** Until the answers of a double are drawn: each is a few promises away. */
export async function settled(): Promise<void> {
  await act(async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  });
}
