/** How the list of entries is stored and read: one row a session in the table `entries`. */
import type { Projection } from '../src/eventlog/projection.ts';
import type { Sql } from '../src/eventlog/sql.ts';
import { recordingStream } from '../src/recording/events.ts';
import type { EntryList, EntryRow } from '../src/sessions/entry-list.ts';
import { ENTRIES_EVENTS, ENTRIES_VERSION, type EntryState, evolveEntry } from './entries.evolve.ts';
import { foldSessions, type SessionRows } from './fold-sessions.ts';
import { liveGeneration } from './live-generation.ts';

const NAME = 'entries';
const ROWS: SessionRows<EntryState> = {
  evolve: evolveEntry,
  load: `select session_id as "sessionId", state as row from projections.entries
    where generation = $1 and session_id = any ($2::uuid[])`,
  save: `insert into projections.entries (generation, session_id, user_id, created_at, has_entry, state)
    select $1, (each ->> 'sessionId')::uuid, row ->> 'userId', (row ->> 'createdAt')::timestamptz,
      row ->> 'entry' is not null, row
    from jsonb_array_elements($2::jsonb) as each, lateral (select each -> 'row' as row) as part
    on conflict (generation, session_id) do update set has_entry = excluded.has_entry, state = excluded.state`,
  remove: 'delete from projections.entries where generation = $1 and session_id = any ($2::uuid[])',
};
const DISCARD = `delete from projections.entries where generation = $1 and session_id in
  (select session_id from projections.entries where generation = $1 limit $2)`;
const PAGE = `select session_id, state from projections.entries
  where generation = ${liveGeneration(NAME, ENTRIES_VERSION)}
    and user_id = $1 and has_entry and ($2::timestamptz is null or (created_at, session_id) < ($2, $3::uuid))
  order by created_at desc, session_id desc limit $4`;

const SESSIONS = `select session_id from projections.entries
  where generation = ${liveGeneration(NAME, ENTRIES_VERSION)}
    and user_id = $1 and ($2::uuid is null or session_id > $2)
  order by session_id limit $3`;

const COUNT = `select count(*)::int as sessions from projections.entries
  where generation = ${liveGeneration(NAME, ENTRIES_VERSION)} and user_id = $1`;

export const entriesProjection: Projection = {
  name: NAME,
  version: ENTRIES_VERSION,
  filter: { streamPrefix: recordingStream(''), types: ENTRIES_EVENTS },
  handle: (generation) => async (events) => foldSessions(generation, events, ROWS),
  discard: [DISCARD],
};

export function entryList(sql: Sql): EntryList {
  return {
    async page(userId, { limit, before }) {
      const { rows } = await sql.query<{ session_id: string; state: EntryState }>(PAGE, [
        userId,
        before?.createdAt ?? null,
        before?.sessionId ?? null,
        limit,
      ]);
      return rows.flatMap(({ session_id: sessionId, state }): EntryRow[] => {
        const { createdAt, entry, emotion, feedback } = state;
        return entry === null ? [] : [{ sessionId, createdAt, entry, emotion, feedback }];
      });
    },
    async sessionsOf(userId, { limit, after }) {
      const { rows } = await sql.query<{ session_id: string }>(SESSIONS, [userId, after, limit]);
      return rows.map(({ session_id }) => session_id);
    },
    async countOf(userId) {
      const { rows } = await sql.query<{ sessions: number }>(COUNT, [userId]);
      return rows[0]?.sessions ?? 0;
    },
  };
}
