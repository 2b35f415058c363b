/** @jest-environment jsdom */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { act, cleanup, fireEvent, screen } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import { adminDouble } from '../sre/testing/admin-double.ts';
import { CONSUMERS } from '../sre/testing/documents.ts';
import { navigationDouble, settled, srePartsOf } from '../sre/testing/render-sre.tsx';
import { App } from './app.tsx';
import type { LiveState } from './live-rollout.ts';
import { type LiveDouble, liveDouble, type SignInDouble, signInDouble } from './testing/console-doubles.ts';
import { historyItem } from './testing/documents.ts';
import { measured } from './testing/measured.ts';
import { normal } from './testing/normal.ts';
import { press, renderConsole, type } from './testing/render-console.tsx';
import { good, SCENARIOS, type Scenario } from './testing/scenarios.ts';

beforeAll(measured);
afterEach(cleanup);

async function show(
  state: Partial<LiveState> | Scenario,
  signIn: SignInDouble = signInDouble(),
  flag = 'chunked-upload',
  navigation = navigationDouble('/console'),
): Promise<LiveDouble> {
  const live = liveDouble(state);
  const sre = srePartsOf(adminDouble({ consumers: CONSUMERS }));
  await renderConsole(<App parts={{ flag, live, signIn, navigation, sre }} />);
  return live;
}

const refused = (status: number, code: string, message = 'no'): Partial<LiveState> => ({
  link: { phase: 'refused', error: new ApiError(status, code, message) },
});
const away: Partial<LiveState> = {
  link: { phase: 'away', error: new ApiError(0, 'unreachable', 'The server cannot be reached.') },
  seenAt: Date.parse('2026-11-24T12:03:41Z'),
};

describe('the console', () => {
  it.each(Object.entries(SCENARIOS))('stands in every state of a rollout: %s', async (_name, scenario) => {
    await show(scenario());
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Rollout of chunked-upload');
    expect(screen.getByText('Live')).toBeTruthy();
    expect(screen.getByRole('region', { name: 'Where it is' })).toBeTruthy();
  });

  it('follows while it is there, and names the percent in the tab', async () => {
    const live = await show(good());
    expect(normal(document.title)).toBe('20 % · chunked-upload · Thankly Voice');
    cleanup();
    expect(live.asked).toEqual(['follow', 'leave']);
  });

  it('links to Unleash’s page of the flag, and to the dashboards when there are some', async () => {
    const { rollout, experiment } = good();
    await show({ rollout, experiment });
    expect(screen.getByRole('link', { name: /Unleash/ }).getAttribute('href')).toBe(rollout.links.unleash);
    expect(screen.getByRole('link', { name: /Dashboards/ })).toBeTruthy();
    cleanup();
    await show({ experiment, rollout: { ...rollout, links: { unleash: null, dashboard: null } } });
    expect(screen.queryByRole('link', { name: /Unleash|Dashboards/ })).toBeNull();
  });

  it('tells screen readers what happens', async () => {
    const live = await show(good());
    const { rollout } = good();
    const item = historyItem('2026-11-24T12:01:00.000Z', 'RolloutPaused', 'Paused by the autopilot');
    await act(async () => live.show({ rollout: { ...rollout, history: [item, ...rollout.history] } }));
    const said = screen.getAllByRole('status').map(({ textContent }) => textContent);
    expect(said).toContain('Paused by the autopilot');
  });
});

describe('while the connection is away', () => {
  it('says so, says since when, and goes on showing what is known', async () => {
    const live = await show({ ...good(), ...away });
    expect(screen.getByText(/^Not live: last seen \d/)).toBeTruthy();
    expect(screen.getByText(/What you see may be old/)).toBeTruthy();
    expect(screen.getByRole('region', { name: 'What each arm gets' })).toBeTruthy();
    await press('Connect now');
    expect(live.asked).toContain('again');
  });

  it('is tried again at once when the device is online again', async () => {
    const live = await show({ ...good(), ...away });
    await act(async () => window.dispatchEvent(new Event('online')));
    expect(live.asked).toEqual(['follow', 'again']);
  });
});

describe('without a rollout to show', () => {
  it('shows that it is on its way', async () => {
    await show({ link: { phase: 'connecting' } });
    expect(screen.getByText('Fetching the rollout …')).toBeTruthy();
  });

  it('says that the server cannot be reached, and tries again when told to', async () => {
    const live = await show({ ...away, seenAt: null });
    expect(screen.getByRole('alert').textContent).toContain('The server cannot be reached');
    await press('Try again');
    expect(live.asked).toContain('again');
  });

  it('says that the role does not allow it, even when something was known before', async () => {
    await show({ ...good(), ...refused(403, 'role_forbidden') }, signInDouble('user'));
    expect(screen.getByRole('alert').textContent).toContain('This page is not for your role');
    expect(screen.queryByRole('region', { name: 'Where it is' })).toBeNull();
  });

  it.each(['flag_unknown', 'validation_failed'])('says that there is no such flag (%s)', async (code) => {
    await show(refused(404, code), signInDouble(), 'xyz');
    expect(screen.getByRole('alert').textContent).toContain('There is no rollout of a flag “xyz”');
    expect(screen.getByRole('link', { name: 'Open chunked-upload' }).getAttribute('href')).toBe('/console');
  });
});

describe('who looks', () => {
  it('may look as another where tokens are given for development', async () => {
    const signIn = signInDouble();
    const live = await show(good(), signIn);
    const menu = screen.getByLabelText('Look as');
    await act(async () => fireEvent.change(menu, { target: { value: 'viewer' } }));
    expect(signIn.asked).toEqual(['look as viewer']);
    expect(live.asked).toEqual(['follow', 'again']);
  });

  it('is asked for a token elsewhere', async () => {
    const signIn = signInDouble(null, { phase: 'asked', rejected: false });
    const live = await show(refused(401, 'token_invalid'), signIn);
    expect(screen.queryByRole('alert')).toBeNull();
    await type('Access token', 'a.b.c');
    await press('Sign in');
    expect(signIn.asked).toEqual(['give a.b.c']);
    expect(live.asked).toEqual(['follow', 'again']);
  });

  it('may give another token when the one given is of the wrong role', async () => {
    await show(refused(403, 'role_forbidden'), signInDouble('user', { phase: 'signed-in', as: 'token' }));
    expect(screen.getByRole('alert').textContent).toContain('not for your role');
    expect(screen.getByLabelText('Access token')).toBeTruthy();
  });
});

describe('the pages of the console', () => {
  const links = () => screen.getAllByRole('link').map(({ textContent }) => textContent);
  const here = () => document.querySelector('nav [aria-current="page"]')?.textContent;

  it('are all there for who is on call, one step apart', async () => {
    const navigation = navigationDouble('/console');
    const live = await show(good(), signInDouble('sre'), 'chunked-upload', navigation);
    expect(here()).toBe('Rollout');
    await act(async () => fireEvent.click(screen.getByRole('link', { name: 'Consumers' })));
    await settled();
    expect(navigation.visited).toEqual(['/console', '/console/consumers']);
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('Consumers');
    expect(here()).toBe('Consumers');
    expect(document.title).toBe('Consumers · Thankly Voice');
    expect(screen.getByRole('main')).toBe(document.activeElement);
    // Nobody holds a stream open for a page that shows none of it.
    expect(live.asked).toEqual(['follow', 'leave']);
    await act(async () => navigation.go('/console'));
    expect(live.asked).toEqual(['follow', 'leave', 'follow']);
  });

  it('leave a click that asks for another tab to the browser', async () => {
    const navigation = navigationDouble('/console');
    await show(good(), signInDouble('sre'), 'chunked-upload', navigation);
    let isLeft = false;
    const watch = (event: Event) => {
      isLeft = !event.defaultPrevented;
      // jsdom opens no tabs.
      event.preventDefault();
    };
    document.addEventListener('click', watch, { once: true });
    await act(async () => {
      fireEvent.click(screen.getByRole('link', { name: 'Consumers' }), { ctrlKey: true });
    });
    expect(isLeft).toBe(true);
    expect(navigation.visited).toEqual(['/console']);
  });

  it.each(['viewer', 'release-manager'] as const)('are only the rollout for a %s', async (role) => {
    await show(good(), signInDouble(role));
    expect(links()).not.toContain('Sessions');
    expect(links()).not.toContain('Rollout');
  });

  it('have the way back to the rollout for who may see no other', async () => {
    await show(good(), signInDouble('viewer'), 'chunked-upload', navigationDouble('/console/consumers'));
    expect(screen.getByRole('link', { name: 'Rollout' }).getAttribute('href')).toBe('/console');
  });

  it('link to the dashboards, also when the rollout was never looked at', async () => {
    const at = navigationDouble('/console/consumers');
    await show({ rollout: null, experiment: null }, signInDouble('sre'), 'chunked-upload', at);
    await settled();
    const link = screen.getByRole('link', { name: /Dashboards/ });
    expect(link.getAttribute('href')).toBe('http://grafana.test/d/rollout');
  });

  it('say when there is none at an address', async () => {
    await show(good(), signInDouble('viewer'), 'chunked-upload', navigationDouble('/console/x'));
    expect(screen.getByText('The console has no page at this address.')).toBeTruthy();
  });
});
