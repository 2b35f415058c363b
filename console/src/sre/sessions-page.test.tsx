/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { cleanup, screen, within } from '@testing-library/react';
import { ApiError } from '@thankly/voice-client';
import { signInDouble } from '../console/testing/console-doubles.ts';
import { normal } from '../console/testing/normal.ts';
import { buttons, press, type } from '../console/testing/render-console.tsx';
import { filtersOf } from './session-filters.ts';
import { SessionsPage } from './sessions-page.tsx';
import { type AdminDouble, adminDouble } from './testing/admin-double.ts';
import { givenUpRow, sessionId, sessionRow, sessionRows } from './testing/documents.ts';
import { navigationDouble, renderSre, settled, srePartsOf } from './testing/render-sre.tsx';
import { tabDouble } from './testing/tab-double.ts';

afterEach(cleanup);

async function show(api: AdminDouble, search = '', signIn = signInDouble('sre')) {
  const navigation = navigationDouble(`/console/sessions${search}`);
  const tab = tabDouble();
  const filters = filtersOf(new URLSearchParams(search));
  const page = <SessionsPage filters={filters} signIn={signIn} sre={srePartsOf(api, tab)} />;
  await renderSre(page, navigation);
  return { navigation, tab };
}

const rows = () =>
  within(screen.getByRole('table', { name: 'Sessions' }))
    .getAllByRole('row')
    .slice(1);
const cells = (row: HTMLElement) => [...row.children].map((cell) => normal(cell.textContent ?? ''));
const chips = () => within(screen.getByRole('navigation', { name: 'Show only' }));

describe('the list of sessions', () => {
  it('says of each its state, arm, failed attempts, failure and gap', async () => {
    const fellBack = { strategy: 'single', gapMs: 4_200 } as const;
    await show(adminDouble({ sessions: [givenUpRow(1), sessionRow(2, fellBack)] }));
    const columns = screen.getAllByRole('columnheader').map(({ textContent }) => textContent);
    expect(columns).toEqual([
      'Session',
      'State',
      'Arm',
      'Age',
      'Last change',
      'Failed attempts',
      'Failure',
      'Gap',
    ]);
    const [first = [], second = []] = rows().map(cells);
    expect(first[0]).toContain('00000001');
    expect(first[1]).toContain('Failed');
    expect([first[2], first[5], first[6]]).toEqual(['Chunked', '5', 'Transcribe: provider_unavailable']);
    expect([second[2], second[6], second[7]]).toEqual(['Chunked, now single', '–', '4.2 s']);
  });

  it('opens a session', async () => {
    await show(adminDouble({ sessions: [sessionRow(1)] }));
    const link = screen.getByRole('link', { name: '00000001' });
    expect(link.getAttribute('href')).toBe(`/console/sessions/${sessionId(1)}`);
  });

  it('loads more, and says when that is all', async () => {
    await show(adminDouble({ sessions: sessionRows(60) }));
    expect(rows()).toHaveLength(50);
    expect(screen.getByText('The newest 50 sessions; there are more.')).toBeTruthy();
    await press('Load more');
    await settled();
    expect(rows()).toHaveLength(60);
    expect(screen.getByText('60 sessions')).toBeTruthy();
    expect(buttons()).not.toContain('Load more');
  });

  it('says why no more could be loaded', async () => {
    const api = adminDouble({ sessions: sessionRows(60) });
    await show(api);
    api.refuseNext(new ApiError(0, 'timeout', 'The server took too long to answer.'));
    await press('Load more');
    await settled();
    expect(screen.getByText('The server took too long to answer.')).toBeTruthy();
    expect(rows()).toHaveLength(50);
  });

  it('is refreshed by hand too', async () => {
    const api = adminDouble({ sessions: [sessionRow(2)] });
    await show(api);
    api.show({ sessions: [sessionRow(1), sessionRow(2)] });
    await press('Refresh now');
    await settled();
    expect(rows()).toHaveLength(2);
  });
});

describe('the filters', () => {
  it('are links to the list that they make, and say which are chosen', async () => {
    const api = adminDouble({ sessions: sessionRows(20) });
    await show(api, '?state=failed&dead=true');
    expect(api.asked).toEqual(['sessions state=failed&dead=true limit=50']);
    const links = chips().getAllByRole('link');
    const chosen = links.filter((link) => link.getAttribute('aria-current') === 'true');
    expect(chosen.map(({ textContent }) => textContent)).toEqual(['Given up', 'Failed', 'Both arms']);
    const href = (name: string) => chips().getByRole('link', { name }).getAttribute('href');
    expect(href('Given up')).toBe('/console/sessions?state=failed');
    expect(href('Single')).toBe('/console/sessions?state=failed&variant=single&dead=true');
    expect(href('All states')).toBe('/console/sessions?dead=true');
  });

  it.each([
    ['?stuck=true', 'Nothing is stuck: good.'],
    ['?stuck=true&variant=single', 'Nothing is stuck: good.'],
    ['?dead=true', 'Nothing is given up: good.'],
    ['?state=failed', 'No session has failed: good.'],
    ['?state=completed&stuck=true', 'No session is like that.'],
    ['', 'There is no session yet.'],
  ])('that find nothing (%s) say what that means', async (search, text) => {
    await show(adminDouble(), search);
    expect(screen.getByText(text)).toBeTruthy();
    expect(screen.queryByRole('link', { name: 'Show all sessions' }) === null).toBe(search === '');
  });
});

describe('the search', () => {
  it('opens the session whose id is somewhere in what was pasted', async () => {
    const { navigation } = await show(adminDouble());
    await type('Open a session by its id', ` "stream":"recording-${sessionId(7).toUpperCase()}" `);
    await press('Open');
    expect(navigation.visited.at(-1)).toBe(`/console/sessions/${sessionId(7)}`);
  });

  it('says what an id looks like', async () => {
    const { navigation } = await show(adminDouble());
    await type('Open a session by its id', '42');
    await press('Open');
    expect(screen.getByText(/A session’s id looks like/)).toBeTruthy();
    expect(navigation.visited).toHaveLength(1);
  });
});

describe('when there is nothing to show', () => {
  it('says that it is not for this role, and lets a developer look as another', async () => {
    const api = adminDouble();
    api.refuseNext(new ApiError(403, 'role_forbidden', 'no'));
    const signIn = signInDouble('viewer');
    await show(api, '', signIn);
    expect(screen.getByRole('alert').textContent).toContain('Only SREs see the sessions');
    await press('Look as SRE');
    expect(signIn.asked).toEqual(['look as sre']);
  });

  it('asks for another token where it was given by a person', async () => {
    const api = adminDouble();
    api.refuseNext(new ApiError(403, 'role_forbidden', 'no'));
    await show(api, '', signInDouble('viewer', { phase: 'signed-in', as: 'token' }));
    await type('Access token', 'a.b.c');
    await press('Sign in');
    await settled();
    expect(api.asked).toHaveLength(2);
  });

  it('says that the server does not answer, and goes on showing what is known', async () => {
    const api = adminDouble({ sessions: sessionRows(3) });
    const away = () => new ApiError(0, 'unreachable', 'The server cannot be reached.');
    api.refuseNext(away());
    await show(api);
    expect(screen.getByRole('alert').textContent).toContain('It is tried again by itself.');
    await press('Try again');
    await settled();
    expect(rows()).toHaveLength(3);
    api.refuseNext(away());
    await press('Refresh now');
    await settled();
    expect(screen.getByText(/^The server does not answer: what you see is of/)).toBeTruthy();
    expect(rows()).toHaveLength(3);
  });
});
