/** The log's order, what is left of it and its streams, from the table `events`. */
import { EventLogUnavailable } from '../event-log.ts';
import type { LogIndex } from '../log-index.ts';
import type { Sql } from '../sql.ts';
import { decodePosition, encodePosition, isBefore, isOwn, START } from './position.ts';

/** The limit bounds the cost of a consumer that is far behind. */
const LAG = `with behind as (
    select recorded_at from events
    where (transaction_id, sequence) > ($1::xid8, $2::bigint)
      and starts_with(stream, $3) and ($4::text[] is null or type = any ($4))
    order by transaction_id, sequence
    limit 10000
  )
  select count(*)::int as events,
    greatest(0, coalesce(extract(epoch from clock_timestamp() - min(recorded_at)), 0))::float8 as seconds
  from behind`;
/** Sequences count events, but for the few of transactions that were undone. */
const TOTAL = `select
    coalesce((select sequence from events order by transaction_id desc, sequence desc limit 1), 0)::float8 as total`;
/** Every stream has a first event; in the database's order of names. */
const STREAMS = `select stream from events
  where version = 0 and starts_with(stream, $1) and type = $2 and ($3::text is null or stream > $3)
    and ($4::timestamptz is null or recorded_at >= $4)
  order by stream limit $5`;
const EXISTING = 'select stream from events where stream = any ($1::text[]) and version = 0';

export function postgresLogIndex(sql: Sql): LogIndex {
  async function query<Row extends Record<string, unknown>>(text: string, values: unknown[]): Promise<Row[]> {
    try {
      return (await sql.query<Row>(text, values)).rows;
    } catch (error) {
      throw new EventLogUnavailable('the event log could not be read', { cause: error });
    }
  }

  return {
    start: encodePosition(START),
    isOwn,
    isBefore,
    async lag(position, { streamPrefix = '', types }) {
      const { transaction, sequence } = position === null ? START : decodePosition(position);
      const values = [transaction, sequence, streamPrefix, types ?? null];
      const [lag] = await query<{ events: number; seconds: number }>(LAG, values);
      return lag ?? { events: 0, seconds: 0 };
    },
    async read(position) {
      const [row] = await query<{ total: number }>(TOTAL, []);
      const done = position === null ? 0 : Number(decodePosition(position).sequence);
      return { done, total: row?.total ?? 0 };
    },
    async *streams({ prefix, firstType }, { pageSize, since = null }) {
      for (let after: string | null = null; ; ) {
        const rows: { stream: string }[] = await query(STREAMS, [prefix, firstType, after, since, pageSize]);
        const page = rows.map(({ stream }) => stream);
        if (page.length > 0) yield page;
        if (page.length < pageSize) return;
        after = page.at(-1) ?? null;
      }
    },
    async existing(streams) {
      const rows = await query<{ stream: string }>(EXISTING, [streams]);
      return new Set(rows.map(({ stream }) => stream));
    },
  };
}
