/** How the list of sessions is stored and read: one row a session in the table `session_list`. */
import type { ConsumerDefinition, Write } from '../src/eventlog/consumer.ts';
import type { Sql } from '../src/eventlog/sql.ts';
import { recordingStream, type StepName } from '../src/recording/events.ts';
import type { SessionListRow } from '../src/recording/session-row.ts';
import type { SessionCounts, SessionList } from '../src/sessions/session-list.ts';
import { sessionIdOf } from '../src/sessions/sessions.ts';
import { upcast } from '../src/sessions/upcast.ts';
import {
  evolveSessionRow,
  SESSIONS_EVENTS,
  SESSIONS_VERSION,
  type SessionRowState,
} from './sessions.evolve.ts';

const LOAD = 'select session_id as "sessionId", row from session_list where session_id = any ($1::uuid[])';
const SAVE = `insert into session_list (session_id, state, variant, created_at, changed_at, has_dead_step, row)
  select (each ->> 'sessionId')::uuid, row ->> 'state', row ->> 'variant', (row ->> 'createdAt')::timestamptz,
    (row ->> 'changedAt')::timestamptz, (row ->> 'isDeadLetter')::boolean, row
  from json_array_elements($1::json) as each, lateral (select each -> 'row' as row) as part
  on conflict (session_id) do update set state = excluded.state, changed_at = excluded.changed_at,
    has_dead_step = excluded.has_dead_step, row = excluded.row`;
const REMOVE = 'delete from session_list where session_id = any ($1::uuid[])';

/** $n is the moment before which an unfinished session should have moved: one for those still recording, one for the others. */
const STUCK = (recording: string, processing: string) =>
  `((state = 'recording' and changed_at < ${recording}) or (state = 'processing' and changed_at < ${processing}))`;
const PAGE = `select session_id as "sessionId", row from session_list
  where ($1::text is null or state = $1) and ($2::text is null or variant = $2)
    and (not $3 or ${STUCK('$4::timestamptz', '$5::timestamptz')})
    and (not $6 or has_dead_step)
    and ($7::timestamptz is null or (created_at, session_id) < ($7, $8::uuid))
  order by created_at desc, session_id desc limit $9`;
const COUNTS = `select
    min(created_at) filter (where state = 'recording') as recording,
    min(created_at) filter (where state = 'processing') as processing,
    count(*) filter (where ${STUCK('$1::timestamptz', '$2::timestamptz')})::int as stuck
  from session_list where state in ('recording', 'processing')`;
const DEAD = `select step, count(*)::int as sessions
  from session_list, lateral json_object_keys(row -> 'deadSteps') as step
  where has_dead_step group by step`;

/** How long an unfinished session may be quiet before it is called stuck: longer than the service itself waits. */
export type StuckAfter = { readonly recordingMs: number; readonly processingMs: number };

export const sessionListConsumer: ConsumerDefinition = {
  name: `session-list-v${SESSIONS_VERSION}`,
  filter: { streamPrefix: recordingStream(''), types: SESSIONS_EVENTS },
  handle: async (events): Promise<Write> => {
    return async (transaction) => {
      const ids = [...new Set(events.map(sessionIdOf))].filter((id) => id !== null);
      const { rows } = await transaction.query<{ sessionId: string; row: SessionRowState }>(LOAD, [ids]);
      const before = new Map<string, SessionRowState | null>(
        rows.map(({ sessionId, row }) => [sessionId, row]),
      );
      const states = new Map(before);
      for (const event of events) {
        const sessionId = sessionIdOf(event);
        if (sessionId !== null)
          states.set(sessionId, evolveSessionRow(states.get(sessionId) ?? null, upcast(event)));
      }
      const changed = [...states].filter(([sessionId, row]) => row !== before.get(sessionId));
      const kept = changed.flatMap(([sessionId, row]) => (row === null ? [] : [{ sessionId, row }]));
      const gone = changed.flatMap(([sessionId, row]) => (row === null ? [sessionId] : []));
      if (kept.length > 0) await transaction.query(SAVE, [JSON.stringify(kept)]);
      if (gone.length > 0) await transaction.query(REMOVE, [gone]);
    };
  },
};

export function sessionList(sql: Sql, stuckAfter: StuckAfter): SessionList {
  const since = (now: string) =>
    [stuckAfter.recordingMs, stuckAfter.processingMs].map((ms) =>
      new Date(Date.parse(now) - ms).toISOString(),
    );
  return {
    async page({ state, variant, stuck = false, dead = false, limit, before }, now) {
      const { rows } = await sql.query<{ sessionId: string; row: SessionRowState }>(PAGE, [
        state ?? null,
        variant ?? null,
        stuck,
        ...since(now),
        dead,
        before?.createdAt ?? null,
        before?.sessionId ?? null,
        limit,
      ]);
      return rows.map(({ sessionId, row }): SessionListRow => ({ sessionId, ...row }));
    },
    async counts(now): Promise<SessionCounts> {
      const [counts, dead] = await Promise.all([
        sql.query<{ recording: Date | null; processing: Date | null; stuck: number }>(COUNTS, since(now)),
        sql.query<{ step: StepName; sessions: number }>(DEAD),
      ]);
      const { recording = null, processing = null, stuck = 0 } = counts.rows[0] ?? {};
      return {
        oldest: {
          recording: recording?.toISOString() ?? null,
          processing: processing?.toISOString() ?? null,
        },
        stuck,
        deadLetters: Object.fromEntries(dead.rows.map(({ step, sessions }) => [step, sessions])),
      };
    },
  };
}
