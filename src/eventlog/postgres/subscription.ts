/**
 * Following the log in commit order.
 *
 *   reading ──page full──▶ reading, one page ahead of who follows
 *   reading ──at the end──▶ asleep ──NOTIFY, or the poll's time──▶ reading
 *   reading ──events held back by an older transaction──▶ dozing (milliseconds) ──▶ reading
 *   reading ──query failed──▶ resting ──▶ reading, from the same place
 *
 * It keeps nothing but its place, which the reader gets with each batch; after a crash the reader says where to go on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { type EventBatch, EventLogUnavailable, type Position, type SubscribeOptions } from '../event-log.ts';
import { decodePosition, encodePosition, type Place, START } from './position.ts';
import { type StoredEvent, toRecordedEvent } from './stored-event.ts';
import type { WakeUp } from './wake-up.ts';

const READ_PAGE = readFileSync(join(import.meta.dirname, 'read-page.sql'), 'utf8');
/** Everything of transactions below the horizon may be seen; sequences begin at 1. */
const HEAD = `select in_commit_order(pg_snapshot_xmin(pg_current_snapshot()))::text as horizon`;

const BATCH_SIZE = 1_000;
const BATCH_BYTES = 8 * 1024 * 1024;
/** The net under NOTIFY. */
const POLL_MS = 1_000;
/** Looked at again at once, then less often; the last for as long as it takes. */
const HELD_BACK_MS = [1, 2, 4, 8, 16, 32, 64] as const;
const REST_MS = 500;

export type SubscriptionParts = {
  readonly sql: pg.Pool;
  readonly wakeUp: WakeUp;
  readonly onError: (error: unknown) => void;
};

type Page = {
  readonly events: EventBatch['events'];
  /** Null when there was nothing. */
  readonly end: Place | null;
  readonly more: boolean;
  readonly heldBack: boolean;
};

export async function* subscription(
  options: SubscribeOptions,
  { sql, wakeUp, onError }: SubscriptionParts,
): AsyncGenerator<EventBatch> {
  const { from, signal } = options;
  let place = from === 'start' ? START : from === 'end' ? null : decodePosition(from);
  let dozes = 0;
  let ahead: Promise<Page> | null = null;
  while (!signal.aborted) {
    const notifications = wakeUp.count;
    let page: Page;
    try {
      place ??= decodePosition(await readHead(sql));
      const reading = ahead ?? readPage(sql, place, options);
      ahead = null;
      page = await reading;
    } catch (error) {
      if (signal.aborted) return;
      onError(error);
      await delay(REST_MS, undefined, { signal }).catch(() => undefined);
      continue;
    }
    if (page.end !== null) {
      place = page.end;
      dozes = 0;
      if (page.more) {
        ahead = readPage(sql, place, options); // while this page is handled
        ahead.catch(() => undefined); // it is awaited above, if at all
      }
      yield { events: page.events, position: encodePosition(place) };
    }
    if (page.more) continue;
    const wait = page.heldBack ? (HELD_BACK_MS[dozes++] ?? HELD_BACK_MS[6]) : POLL_MS;
    await wakeUp.sleep(notifications, wait, signal);
  }
}

/** @throws EventLogUnavailable */
export async function readHead(sql: pg.Pool): Promise<Position> {
  try {
    const { rows } = await sql.query<{ horizon: string }>(HEAD);
    return encodePosition({ transaction: rows[0]?.horizon ?? '0', sequence: '0' });
  } catch (error) {
    throw new EventLogUnavailable('the head of the event log could not be read', { cause: error });
  }
}

type PageRow = { held_back: boolean } & (
  | (StoredEvent & { matches: true; weight: number })
  | { matches: false; weight: number; transaction: string; sequence: string }
  | { matches: null }
);

async function readPage(
  sql: pg.Pool,
  after: Place,
  { filter, batchSize = BATCH_SIZE }: SubscribeOptions,
): Promise<Page> {
  const { rows } = await sql.query<PageRow>({
    name: 'read-page',
    text: READ_PAGE,
    values: [
      after.transaction,
      after.sequence,
      batchSize,
      filter?.streamPrefix ?? '',
      filter?.types ?? null,
      BATCH_BYTES,
    ],
  });
  const last = rows.at(-1);
  const end = last === undefined || last.matches === null ? null : last;
  return {
    events: rows.flatMap((row) => (row.matches ? [toRecordedEvent(row)] : [])),
    end,
    more: end !== null && (rows.length === batchSize || end.weight >= BATCH_BYTES),
    heldBack: last?.held_back ?? false,
  };
}
