/** The read models of sessions, as they can be held against the log. */
import type { AuditedView } from '../src/audit/audit-ports.ts';
import type { Projection } from '../src/eventlog/projection.ts';
import type { Sql } from '../src/eventlog/sql.ts';
import type { RecordingEvent } from '../src/recording/events.ts';
import { ENTRIES_EVENTS, evolveEntry } from './entries.evolve.ts';
import { entriesProjection } from './entries.ts';
import { liveGeneration } from './live-generation.ts';
import { evolveSessionRow, SESSIONS_EVENTS } from './sessions.evolve.ts';
import { sessionListProjection } from './sessions.ts';

type AuditedRows = Omit<AuditedView, 'lagSeconds'> & { readonly projection: Projection };

export function auditedRows(sql: Sql): readonly AuditedRows[] {
  return [
    rowsOf(sql, entriesProjection, { table: 'entries', column: 'state' }, (events) =>
      events.filter(isOneOf(ENTRIES_EVENTS)).reduce(evolveEntry, null),
    ),
    rowsOf(sql, sessionListProjection, { table: 'session_list', column: 'row' }, (events) =>
      events.filter(isOneOf(SESSIONS_EVENTS)).reduce(evolveSessionRow, null),
    ),
  ];
}

function isOneOf(types: readonly RecordingEvent['type'][]): (event: RecordingEvent) => boolean {
  return ({ type }) => types.includes(type);
}

function rowsOf(
  sql: Sql,
  projection: Projection,
  { table, column }: { readonly table: string; readonly column: string },
  fold: (events: readonly RecordingEvent[]) => unknown,
): AuditedRows {
  const isLive = `generation = ${liveGeneration(projection.name, projection.version)}`;
  const rows = `select session_id as "sessionId", ${column} as row from projections.${table}
    where ${isLive} and session_id = any ($1::uuid[])`;
  const strays = `select session_id as "sessionId" from projections.${table} as rows where ${isLive} and not exists
      (select from events where stream = 'recording-' || rows.session_id and version = 0) limit $1`;
  return {
    name: projection.name,
    projection,
    // As it is stored: what is undefined is not there.
    folded: (events) => JSON.parse(JSON.stringify(fold(events))),
    async rowsOf(sessionIds) {
      const found = await sql.query<{ sessionId: string; row: unknown }>(rows, [sessionIds]);
      return new Map(found.rows.map(({ sessionId, row }) => [sessionId, row]));
    },
    async strays(limit) {
      const found = await sql.query<{ sessionId: string }>(strays, [limit]);
      return found.rows.map(({ sessionId }) => sessionId);
    },
  };
}
