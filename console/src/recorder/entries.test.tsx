/** @jest-environment jsdom */
import { afterEach, describe, expect, it } from '@jest/globals';
import { act, cleanup, screen } from '@testing-library/react';
import { ApiError, type EntryItem } from '@thankly/voice-client';
import { Entries } from './entries.tsx';
import { createEntryList } from './entry-list.ts';
import { entryItem, signInDouble } from './testing/page-doubles.ts';
import { press, renderPage } from './testing/render-page.tsx';

afterEach(cleanup);

const away = new ApiError(0, 'unreachable', 'the server cannot be reached');

/** A server with these entries in pages of two; each call may be made to fail. */
function server(entries: EntryItem[]) {
  const state = { entries, fail: false };
  const attempt = <T,>(value: T): Promise<T> => (state.fail ? Promise.reject(away) : Promise.resolve(value));
  return {
    state,
    entries: ({ before }: { before?: string } = {}) => {
      const from = before === undefined ? 0 : state.entries.findIndex(({ id }) => id === before) + 1;
      const page = state.entries.slice(from, from + 2);
      return attempt({ entries: page, next: from + 2 < state.entries.length ? (page[1]?.id ?? null) : null });
    },
    erase: async (id: string) => {
      await attempt(undefined);
      state.entries = state.entries.filter((entry) => entry.id !== id);
    },
    entry: (id: string) => attempt({ ...entryItem(id), transcript: `Words of ${id}`, audio: 'not_joined' }),
  };
}

async function show(source: ReturnType<typeof server>, signIn = signInDouble()) {
  const list = createEntryList(source);
  await renderPage(<Entries entries={list} api={source as never} signIn={signIn} />);
  await act(() => list.load());
}

const titles = () => screen.queryAllByRole('heading', { level: 3 }).map(({ textContent }) => textContent);

describe('the entries', () => {
  it('say that there are none yet', async () => {
    await show(server([]));
    expect(screen.getByText('Your first entry will stand here.')).toBeTruthy();
  });

  it('are opened to be read, with the feeling in words and what was said on demand', async () => {
    await show(server([entryItem('a', { feedback: 'Well done.' })]));
    expect(screen.getByText('Calm')).toBeTruthy();
    const opener = screen.getByRole('button', { name: 'Title of a' });
    expect(opener.getAttribute('aria-expanded')).toBe('false');
    await press('Title of a');
    expect(opener.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText('Well done.')).toBeTruthy();
    expect(screen.queryByText('Words of a')).toBeNull();
    await press('What was said');
    expect(screen.getByText('Words of a')).toBeTruthy();
  });

  it('come page by page, and the focus goes on with the first new one', async () => {
    await show(server(['a', 'b', 'c'].map((id) => entryItem(id))));
    expect(titles()).toEqual(['Title of a', 'Title of b']);
    await press('Show older ones');
    expect(titles()).toEqual(['Title of a', 'Title of b', 'Title of c']);
    await act(() => new Promise((resolve) => requestAnimationFrame(() => resolve(undefined))));
    expect(document.activeElement?.textContent).toBe('Title of c');
    expect(screen.queryByRole('button', { name: 'Show older ones' })).toBeNull();
  });

  it('say that they could not be fetched, and are fetched at the next try', async () => {
    const source = server([entryItem('a')]);
    source.state.fail = true;
    await show(source);
    expect(screen.getByRole('alert').textContent).toContain('could not be fetched');
    source.state.fail = false;
    await press('Try again');
    expect(titles()).toEqual(['Title of a']);
  });

  it('are erased after a question; the focus goes to the heading', async () => {
    await show(server([entryItem('a'), entryItem('b')]));
    await press('Title of a');
    await press('Delete the entry Title of a');
    expect(screen.getByRole('dialog').textContent).toContain('“Title of a” and its recording are erased');
    await press('Delete');
    expect(titles()).toEqual(['Title of b']);
    expect(document.activeElement?.textContent).toBe('Your entries');
    expect(screen.getByText('The entry was deleted.')).toBeTruthy();
  });

  it('stay when they cannot be erased, and it is said', async () => {
    const source = server([entryItem('a')]);
    await show(source);
    await press('Title of a');
    await press('Delete the entry Title of a');
    source.state.fail = true;
    await press('Delete');
    expect(titles()).toEqual(['Title of a']);
    expect(screen.getByText('The entry could not be deleted. Try again in a moment.')).toBeTruthy();
  });

  it('are not asked for while nobody is signed in', async () => {
    await show(server([]), signInDouble({ phase: 'asked', rejected: false }));
    expect(screen.getByText('Sign in to see your entries.')).toBeTruthy();
  });
});
