import { describe, expect, it } from '@jest/globals';
import { ApiError, type EntryItem } from '@thankly/voice-client';
import { createEntryList } from './entry-list.ts';

const entry = (id: string): EntryItem => ({
  id,
  createdAt: '2026-11-24T08:00:00.000Z',
  title: `entry ${id}`,
  text: '',
  emotion: null,
  feedback: null,
});

/** A server with these entries, newest first. */
function server(ids: string[]) {
  const state = { ids, fail: null as ApiError | null, asked: 0 };
  return Object.assign(state, {
    entries: async ({ limit = 20, before }: { limit?: number; before?: string } = {}) => {
      state.asked += 1;
      if (state.fail !== null) throw state.fail;
      const from = before === undefined ? 0 : state.ids.indexOf(before) + 1;
      const page = state.ids.slice(from, from + limit);
      const last = page.at(-1);
      const older = from + limit < state.ids.length;
      return { entries: page.map(entry), next: older && last !== undefined ? last : null };
    },
    erase: async (id: string) => {
      if (state.fail !== null) throw state.fail;
      if (!state.ids.includes(id)) throw new ApiError(404, 'session_not_found', 'no such session');
      state.ids = state.ids.filter((other) => other !== id);
    },
  });
}

const away = new ApiError(0, 'unreachable', 'the server cannot be reached');
const names = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `e${String(from + index).padStart(2, '0')}`);
const shown = (list: { state: { entries: readonly EntryItem[] } }) => list.state.entries.map(({ id }) => id);

describe('the list of entries', () => {
  it('comes page by page', async () => {
    const list = createEntryList(server(names(0, 25)));
    expect(list.state.phase).toBe('loading');
    await list.load();
    expect(shown(list)).toEqual(names(0, 10));
    await list.more();
    expect(shown(list)).toEqual(names(0, 20));
    await list.more();
    expect(shown(list)).toEqual(names(0, 25));
    expect(list.state).toMatchObject({ phase: 'ready', next: null, more: 'idle' });
    await list.more();
    expect(shown(list)).toEqual(names(0, 25));
  });

  it('says that it could not be fetched, and can be tried again', async () => {
    const source = server(['a']);
    const list = createEntryList(source);
    source.fail = away;
    await list.load();
    expect(list.state.phase).toBe('failed');
    source.fail = null;
    await list.load();
    expect(list.state.phase).toBe('ready');
    expect(shown(list)).toEqual(['a']);
  });

  it('keeps what it shows when a later look fails', async () => {
    const source = server(names(0, 12));
    const list = createEntryList(source);
    await list.load();
    source.fail = away;
    await list.load();
    await list.more();
    expect(list.state).toMatchObject({ phase: 'ready', more: 'failed' });
    expect(shown(list)).toEqual(names(0, 10));
  });

  it('puts a new entry before those that are shown, the older pages too', async () => {
    const source = server(names(0, 25));
    const list = createEntryList(source);
    await list.load();
    await list.more();
    source.ids = ['new', ...source.ids];
    await list.expect(entry('new'));
    expect(shown(list)).toEqual(['new', ...names(0, 20)]);
    await list.more();
    expect(shown(list)).toEqual(['new', ...names(0, 25)]);
  });

  it('waits for an entry that the server does not list yet', async () => {
    const source = server(['a']);
    let waits = 0;
    const list = createEntryList(source, async () => {
      waits += 1;
      if (waits === 2) source.ids = ['new', 'a'];
    });
    await list.expect(entry('new'));
    expect(shown(list)).toEqual(['new', 'a']);
    expect(waits).toBe(2);
  });

  it('waits for the emotion too, which is listed a moment after the text', async () => {
    const source = server(['new']);
    let emotion: string | null = null;
    const list = createEntryList(
      {
        ...source,
        entries: async (page) => {
          const { entries, next } = await source.entries(page);
          return { entries: entries.map((each) => ({ ...each, emotion })), next };
        },
      },
      async () => {
        emotion = 'joy';
      },
    );
    await list.expect({ ...entry('new'), emotion: 'joy' });
    expect(list.state.entries[0]?.emotion).toBe('joy');
  });

  it('gives up waiting for an entry that never comes', async () => {
    const source = server(['a']);
    const list = createEntryList(source, async () => undefined);
    await list.expect(entry('never'));
    expect(source.asked).toBe(8);
    expect(shown(list)).toEqual(['a']);
  });

  it('deletes an entry, also one that is gone already', async () => {
    const source = server(['a', 'b', 'c']);
    const list = createEntryList(source);
    await list.load();
    await list.remove('b');
    expect(shown(list)).toEqual(['a', 'c']);
    source.ids = ['a'];
    await list.remove('c');
    expect(shown(list)).toEqual(['a']);
  });

  it('keeps an entry that could not be deleted', async () => {
    const source = server(['a']);
    const list = createEntryList(source);
    await list.load();
    source.fail = away;
    await expect(list.remove('a')).rejects.toBe(away);
    expect(shown(list)).toEqual(['a']);
  });

  it('does not bring a deleted entry back by a page that was on its way', async () => {
    const source = server(['a', 'b']);
    const list = createEntryList(source);
    await list.load();
    const late = list.load();
    await list.remove('a');
    await late;
    expect(shown(list)).toEqual(['b']);
  });

  it('forgets everything for another person, and what was on its way', async () => {
    const source = server(['a']);
    const list = createEntryList(source);
    const late = list.load();
    list.clear();
    await late;
    expect(list.state).toEqual({ phase: 'loading', entries: [], next: null, more: 'idle' });
  });
});
