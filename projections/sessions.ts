/** How the list of sessions is stored and read: one row a session in the table `session_list`. */
import type { Projection } from '../src/eventlog/projection.ts';
import type { Sql } from '../src/eventlog/sql.ts';
import { recordingStream, type StepName } from '../src/recording/events.ts';
import type { SessionListRow } from '../src/recording/session-row.ts';
import type { SessionCounts, SessionList } from '../src/sessions/session-list.ts';
import { foldSessions, type SessionRows } from './fold-sessions.ts';
import { liveGeneration } from './live-generation.ts';
import {
  evolveSessionRow,
  SESSIONS_EVENTS,
  SESSIONS_VERSION,
  type SessionRowState,
} from './sessions.evolve.ts';

const NAME = 'session-list';
const ROWS: SessionRows<SessionRowState> = {
  evolve: evolveSessionRow,
  load: `select session_id as "sessionId", row from projections.session_list
    where generation = $1 and session_id = any ($2::uuid[])`,
  save: `insert into projections.session_list
      (generation, session_id, state, variant, created_at, changed_at, has_dead_step, row)
    select $1, (each ->> 'sessionId')::uuid, row ->> 'state', row ->> 'variant',
      (row ->> 'createdAt')::timestamptz, (row ->> 'changedAt')::timestamptz, (row ->> 'isDeadLetter')::boolean, row
    from json_array_elements($2::json) as each, lateral (select each -> 'row' as row) as part
    on conflict (generation, session_id) do update set state = excluded.state, changed_at = excluded.changed_at,
      has_dead_step = excluded.has_dead_step, row = excluded.row`,
  remove: 'delete from projections.session_list where generation = $1 and session_id = any ($2::uuid[])',
};
const DISCARD = `delete from projections.session_list where generation = $1 and session_id in
  (select session_id from projections.session_list where generation = $1 limit $2)`;
const IS_LIVE = `generation = ${liveGeneration(NAME, SESSIONS_VERSION)}`;

/** $n is the moment before which an unfinished session should have moved: one for those still recording, one for the others. */
const STUCK = (recording: string, processing: string) =>
  `((state = 'recording' and changed_at < ${recording}) or (state = 'processing' and changed_at < ${processing}))`;
const PAGE = `select session_id as "sessionId", row from projections.session_list
  where ${IS_LIVE} and ($1::text is null or state = $1) and ($2::text is null or variant = $2)
    and (not $3 or ${STUCK('$4::timestamptz', '$5::timestamptz')})
    and (not $6 or has_dead_step)
    and ($7::timestamptz is null or (created_at, session_id) < ($7, $8::uuid))
  order by created_at desc, session_id desc limit $9`;
const COUNTS = `select
    min(created_at) filter (where state = 'recording') as recording,
    min(created_at) filter (where state = 'processing') as processing,
    count(*) filter (where ${STUCK('$1::timestamptz', '$2::timestamptz')})::int as stuck
  from projections.session_list where ${IS_LIVE} and state in ('recording', 'processing')`;
const DEAD = `select step, count(*)::int as sessions
  from projections.session_list, lateral json_object_keys(row -> 'deadSteps') as step
  where ${IS_LIVE} and has_dead_step group by step`;

/** How long an unfinished session may be quiet before it is called stuck: longer than the service itself waits. */
export type StuckAfter = { readonly recordingMs: number; readonly processingMs: number };

export const sessionListProjection: Projection = {
  name: NAME,
  version: SESSIONS_VERSION,
  filter: { streamPrefix: recordingStream(''), types: SESSIONS_EVENTS },
  handle: (generation) => async (events) => foldSessions(generation, events, ROWS),
  discard: [DISCARD],
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
