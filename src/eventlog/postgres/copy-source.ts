/** The log in PostgreSQL, for whoever copies it. */
import type { EventLog, Position } from '../event-log.ts';
import type { CopySource, EventKey } from '../log-copy.ts';
import type { Sql } from '../sql.ts';
import { postgresLogIndex } from './log-index.ts';
import { decodePosition, encodePosition, type Place } from './position.ts';

const NEWEST = `select transaction_id::text as transaction, sequence::text as sequence from events
  order by transaction_id desc, sequence desc limit 1`;
const LAST_AT = `select stream, version from events
  where (transaction_id, sequence) <= ($1::xid8, $2::bigint)
  order by transaction_id desc, sequence desc limit 1`;

export function postgresCopySource(sql: Sql, log: EventLog): CopySource {
  const index = postgresLogIndex(sql);
  return {
    log,
    start: index.start,
    isBefore: index.isBefore,
    async newest() {
      const { rows } = await sql.query<Place>(NEWEST);
      return rows[0] === undefined ? null : encodePosition(rows[0]);
    },
    async lastAt(position: Position) {
      const { transaction, sequence } = decodePosition(position);
      const { rows } = await sql.query<EventKey>(LAST_AT, [transaction, sequence]);
      return rows[0] ?? null;
    },
    lag: (position) => index.lag(position, {}),
    read: index.read,
  };
}
