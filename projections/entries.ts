/** How the list of entries is stored and read: one row a session in the table `entries`. */
import type { ConsumerDefinition, Write } from '../src/eventlog/consumer.ts';
import type { Sql } from '../src/eventlog/sql.ts';
import { recordingStream } from '../src/recording/events.ts';
import type { EntryList, EntryRow } from '../src/sessions/entry-list.ts';
import { sessionIdOf } from '../src/sessions/sessions.ts';
import { upcast } from '../src/sessions/upcast.ts';
import { ENTRIES_EVENTS, ENTRIES_VERSION, type EntryState, evolveEntry } from './entries.evolve.ts';

const LOAD = 'select state from entries where session_id = $1 for update';
const SAVE = `insert into entries (session_id, user_id, created_at, has_entry, state) values ($1, $2, $3, $4, $5)
  on conflict (session_id) do update set has_entry = excluded.has_entry, state = excluded.state`;
const REMOVE = 'delete from entries where session_id = $1';
const PAGE = `select session_id, state from entries
  where user_id = $1 and has_entry and ($2::timestamptz is null or (created_at, session_id) < ($2, $3::uuid))
  order by created_at desc, session_id desc limit $4`;

export const entriesConsumer: ConsumerDefinition = {
  name: `entries-v${ENTRIES_VERSION}`,
  filter: { streamPrefix: recordingStream(''), types: ENTRIES_EVENTS },
  handle: async (events): Promise<Write> => {
    return async (transaction) => {
      for (const event of events) {
        const sessionId = sessionIdOf(event);
        if (sessionId === null) continue;
        const { rows } = await transaction.query<{ state: EntryState }>(LOAD, [sessionId]);
        const before = rows[0]?.state ?? null;
        const after = evolveEntry(before, upcast(event));
        if (after === before) continue;
        if (after === null) await transaction.query(REMOVE, [sessionId]);
        else {
          const { userId, createdAt, entry } = after;
          await transaction.query(SAVE, [
            sessionId,
            userId,
            createdAt,
            entry !== null,
            JSON.stringify(after),
          ]);
        }
      }
    };
  },
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
  };
}
