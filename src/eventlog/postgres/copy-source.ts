/** The log in PostgreSQL, for whoever copies it. */
import type { EventLog, Position } from '../event-log.ts';
import type { CopySource, EventKey } from '../log-copy.ts';
import type { Sql } from '../sql.ts';
import { postgresLogIndex } from './log-index.ts';
import { decodePosition, encodePosition, type Place } from './position.ts';

/** Ordered by the table's columns, not by those that are given out, which are text. */
const LAST = `select transaction_id::text as transaction, sequence::text as sequence from events
  order by events.transaction_id desc, events.sequence desc limit 1`;
const LAST_AT = `select stream, version, transaction_id::text as transaction, sequence::text as sequence from events
  where (transaction_id, sequence) <= ($1::xid8, $2::bigint)
  order by events.transaction_id desc, events.sequence desc limit 1`;

export function postgresCopySource(sql: Sql, log: EventLog): CopySource {
  const index = postgresLogIndex(sql);
  async function lastAt(position: Position): Promise<(EventKey & Place) | undefined> {
    const { transaction, sequence } = decodePosition(position);
    return (await sql.query<EventKey & Place>(LAST_AT, [transaction, sequence])).rows[0];
  }

  return {
    log,
    start: index.start,
    isBefore: index.isBefore,
    async newest() {
      const event = await lastAt(await log.head());
      return event === undefined ? null : encodePosition(event);
    },
    async last() {
      const { rows } = await sql.query<Place>(LAST);
      return rows[0] === undefined ? null : encodePosition(rows[0]);
    },
    async lastAt(position) {
      const { stream, version } = (await lastAt(position)) ?? {};
      return stream === undefined || version === undefined ? null : { stream, version };
    },
    lag: (position) => index.lag(position, {}),
    read: index.read,
  };
}
