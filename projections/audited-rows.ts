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

/** Those of these sessions that the log knows. */
type Recorded = (sessionIds: readonly string[]) => Promise<ReadonlySet<string>>;

const PAGE = 1_000;
const FIRST = '00000000-0000-0000-0000-000000000000';

export function auditedRows(sql: Sql, recorded: Recorded): readonly AuditedRows[] {
  return [
    rowsOf({ sql, recorded }, entriesProjection, { table: 'entries', column: 'state' }, (events) =>
      events.filter(isOneOf(ENTRIES_EVENTS)).reduce(evolveEntry, null),
    ),
    rowsOf({ sql, recorded }, sessionListProjection, { table: 'session_list', column: 'row' }, (events) =>
      events.filter(isOneOf(SESSIONS_EVENTS)).reduce(evolveSessionRow, null),
    ),
  ];
}

function isOneOf(types: readonly RecordingEvent['type'][]): (event: RecordingEvent) => boolean {
  return ({ type }) => types.includes(type);
}

function rowsOf(
  { sql, recorded }: { readonly sql: Sql; readonly recorded: Recorded },
  projection: Projection,
  { table, column }: { readonly table: string; readonly column: string },
  fold: (events: readonly RecordingEvent[]) => unknown,
): AuditedRows {
  const isLive = `generation = ${liveGeneration(projection.name, projection.version)}`;
  const rows = `select session_id as "sessionId", ${column} as row from projections.${table}
    where ${isLive} and session_id = any ($1::uuid[])`;
  const after = `select session_id as "sessionId" from projections.${table}
    where ${isLive} and session_id > $1::uuid order by session_id limit $2`;
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
      const strays: string[] = [];
      for (let last = FIRST; strays.length < limit; ) {
        const found = await sql.query<{ sessionId: string }>(after, [last, PAGE]);
        const ids = found.rows.map(({ sessionId }) => sessionId);
        const known = await recorded(ids);
        strays.push(...ids.filter((id) => !known.has(id)));
        if (ids.length < PAGE) break;
        last = ids.at(-1) ?? last;
      }
      return strays.slice(0, limit);
    },
  };
}
