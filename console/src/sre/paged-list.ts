/**
 * A list that is read page by page, newest first, and kept up to date without losing the reader's place: a refresh asks
 * for as many of the newest rows as the server sends at once (200), and older rows that were loaded before stay below
 * them as they were.
 */

import { createPolled, type Polled } from './polled.ts';
import type { Slice } from './sre-api.ts';
import type { Tab } from './tab.ts';

export type Rows<Row> = {
  readonly rows: readonly Row[];
  /** Names the place after the last row; null when there is nothing after it. */
  readonly next: string | null;
};

export interface PagedList<Row> extends Pick<Polled<Rows<Row>>, 'state' | 'subscribe' | 'follow' | 'again'> {
  /** Loads the rows after the last. @throws ApiError */
  more(): Promise<void>;
}

export type PagedListParts<Row> = {
  readonly page: (slice: Slice) => Promise<Rows<Row>>;
  readonly idOf: (row: Row) => string;
  readonly tab: Tab;
  readonly now?: () => number;
};

export const PAGE = 50;
/** The most that the server sends at once, and so what a refresh covers. */
export const REFRESHED = 200;
export const EVERY_MS = 5_000;

export function createPagedList<Row>({
  page,
  idOf,
  tab,
  now = Date.now,
}: PagedListParts<Row>): PagedList<Row> {
  const polled: Polled<Rows<Row>> = createPolled<Rows<Row>>({
    async ask(known) {
      const limit = Math.min(REFRESHED, Math.max(PAGE, known?.rows.length ?? 0));
      const newest = await page({ limit });
      // More may have been loaded while the answer was on its way.
      return withOlder(newest, polled.state.value, idOf);
    },
    everyMs: () => EVERY_MS,
    tab,
    now,
  });
  return {
    get state() {
      return polled.state;
    },
    subscribe: polled.subscribe,
    follow: polled.follow,
    again: polled.again,
    async more() {
      const before = polled.state.value?.next;
      if (before === null || before === undefined) return;
      const older = await page({ limit: PAGE, before });
      polled.amend((value) => {
        // A refresh moved the end meanwhile: what came is after some other row.
        if (value.next !== before) return value;
        const there = new Set(value.rows.map(idOf));
        return {
          rows: [...value.rows, ...older.rows.filter((row) => !there.has(idOf(row)))],
          next: older.next,
        };
      });
    },
  };
}

/** `newest`, and of the rows known before those that come after its last. */
export function withOlder<Row>(
  newest: Rows<Row>,
  known: Rows<Row> | null,
  idOf: (row: Row) => string,
): Rows<Row> {
  if (known === null || newest.next === null) return newest;
  const there = new Set(newest.rows.map(idOf));
  const lastShared = known.rows.findLastIndex((row) => there.has(idOf(row)));
  const older = lastShared === -1 ? [] : known.rows.slice(lastShared + 1);
  return older.length === 0 ? newest : { rows: [...newest.rows, ...older], next: known.next };
}
