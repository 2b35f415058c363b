/**
 * The list of entries, a page at a time, newest first.
 *
 *   first page: loading ─▶ ready | failed ─▶ (try again) loading
 *   older ones: idle ─▶ loading ─▶ idle | failed
 *
 * The server's list follows its log by some milliseconds: an entry that was just written is asked for until it is there.
 */
import { ApiError, type EntryItem, type VoiceApi } from '@thankly/voice-client';
import { createListeners } from '../shared/listeners.ts';

export type EntryListState = {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly entries: readonly EntryItem[];
  /** Where the older ones begin; null when there are none. */
  readonly next: string | null;
  readonly more: 'idle' | 'loading' | 'failed';
};

export interface EntryList {
  readonly state: EntryListState;
  subscribe(listener: () => void): () => void;
  load(): Promise<void>;
  more(): Promise<void>;
  /** This entry has been written: shows it as soon as the server lists all of it. */
  expect(entry: Written): Promise<void>;
  /** Erases the entry and its recording. @throws ApiError */
  remove(id: string): Promise<void>;
  /** Forgets what is shown: somebody else signs in. */
  clear(): void;
}

export type Written = Pick<EntryItem, 'id' | 'emotion' | 'feedback'>;

type Source = Pick<VoiceApi, 'entries' | 'erase'>;

const PAGE = 10;
const LOOKS = 8;
const LOOK_AGAIN_MS = 250;

const NOTHING: EntryListState = { phase: 'loading', entries: [], next: null, more: 'idle' };

export function createEntryList(
  api: Source,
  wait: (milliseconds: number) => Promise<void> = (milliseconds) =>
    new Promise((resolve) => setTimeout(resolve, milliseconds)),
): EntryList {
  let state = NOTHING;
  /** Counts up when what is on its way has no more meaning. */
  let round = 0;
  const listeners = createListeners();

  function become(next: Partial<EntryListState>): void {
    state = { ...state, ...next };
    listeners.tell();
  }

  async function load(): Promise<void> {
    const mine = ++round;
    if (state.phase === 'failed') become({ phase: 'loading' });
    try {
      const page = await api.entries({ limit: PAGE });
      if (mine === round) become({ phase: 'ready', more: 'idle', ...withFirstPage(state, page) });
    } catch {
      if (mine === round && state.phase !== 'ready') become({ phase: 'failed' });
    }
  }

  return {
    get state() {
      return state;
    },
    subscribe: listeners.subscribe,
    load,
    async more() {
      const { next } = state;
      if (next === null || state.more === 'loading') return;
      const mine = round;
      become({ more: 'loading' });
      try {
        const page = await api.entries({ limit: PAGE, before: next });
        if (mine !== round) return;
        const known = new Set(state.entries.map(({ id }) => id));
        const older = page.entries.filter(({ id }) => !known.has(id));
        become({ more: 'idle', entries: [...state.entries, ...older], next: page.next });
      } catch {
        if (mine === round) become({ more: 'failed' });
      }
    },
    async expect(written) {
      for (let look = 0; look < LOOKS; look++) {
        if (look > 0) await wait(LOOK_AGAIN_MS);
        await load();
        if (state.entries.some((entry) => isAllOf(entry, written))) return;
      }
    },
    async remove(id) {
      try {
        await api.erase(id);
      } catch (error) {
        // Deleted elsewhere is deleted.
        if (!(error instanceof ApiError) || error.status !== 404) throw error;
      }
      round += 1; // a page on its way may still have it
      become({ entries: state.entries.filter((entry) => entry.id !== id), more: 'idle' });
    },
    clear() {
      round += 1;
      become(NOTHING);
    },
  };
}

/** Text, emotion and feedback are events of their own, and are listed one after the other. */
function isAllOf(entry: EntryItem, { id, emotion, feedback }: Written): boolean {
  return entry.id === id && entry.emotion === emotion && entry.feedback === feedback;
}

type Page = { readonly entries: readonly EntryItem[]; readonly next: string | null };

/** The first page anew, before the older ones that are shown already, when the two still meet. */
function withFirstPage(state: EntryListState, page: Page): Page {
  const last = page.entries.at(-1);
  const meet = last === undefined ? -1 : state.entries.findIndex(({ id }) => id === last.id);
  const older = meet === -1 ? [] : state.entries.slice(meet + 1);
  if (older.length === 0) return page;
  return { entries: [...page.entries, ...older], next: state.next };
}
