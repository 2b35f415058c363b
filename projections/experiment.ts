/**
 * How the experiment is stored and read: in four tables, under the projection's version. A batch loads what its events
 * touch, folds it in memory, and saves what has changed.
 */
import type { ConsumerDefinition, Write } from '../src/eventlog/consumer.ts';
import type { RecordedEvent } from '../src/eventlog/event-log.ts';
import type { Sql } from '../src/eventlog/sql.ts';
import type { RecordingEvent } from '../src/recording/events.ts';
import { rolloutStream } from '../src/rollout/events.ts';
import type { ExperimentView } from '../src/rollout/experiment.ts';
import type { Experiments } from '../src/rollouts/experiments.ts';
import { rolloutEvent } from '../src/rollouts/rollouts.ts';
import { sessionIdOf } from '../src/sessions/sessions.ts';
import { upcast } from '../src/sessions/upcast.ts';
import {
  EXPERIMENT_EVENTS,
  EXPERIMENT_VERSION,
  type ExperimentState,
  evolveExperiment,
  initialExperiment,
  type SessionState,
  type StageState,
  type UserState,
} from './experiment.evolve.ts';
import { experimentView } from './experiment.view.ts';

const EXPERIMENT = 'select state from experiments where version = $1 and flag = $2';
const STAGES =
  'select state from experiment_stages where version = $1 and flag = $2 and (attempt = $3 or stage = any ($4::int[]))';
const ALL_STAGES = 'select state from experiment_stages where version = $1 and flag = $2 order by stage';
const SESSIONS =
  'select session_id as "key", state from experiment_sessions where version = $1 and session_id = any ($2::uuid[])';
const USERS =
  'select user_id as "key", state from experiment_users where version = $1 and flag = $2 and user_id = any ($3::text[])';
const SAVE_EXPERIMENT = `insert into experiments (version, flag, state) values ($1, $2, $3)
  on conflict (version, flag) do update set state = excluded.state`;
const SAVE_STAGE = `insert into experiment_stages (version, flag, stage, attempt, state) values ($1, $2, $3, $4, $5)
  on conflict (version, flag, stage) do update set state = excluded.state`;
const SAVE_SESSIONS = `insert into experiment_sessions (version, session_id, state)
  select $1, (row ->> 'key')::uuid, row -> 'state' from json_array_elements($2::json) as row
  on conflict (version, session_id) do update set state = excluded.state`;
const SAVE_USERS = `insert into experiment_users (version, flag, user_id, state)
  select $1, $2, row ->> 'key', row -> 'state' from json_array_elements($3::json) as row
  on conflict (version, flag, user_id) do update set state = excluded.state`;

/** @param version another than the live one builds it anew beside that. */
export function experimentConsumer(flag: string, version = EXPERIMENT_VERSION): ConsumerDefinition {
  return {
    name: `experiment-${flag}-v${version}`,
    filter: { types: EXPERIMENT_EVENTS },
    handle: async (events): Promise<Write> => {
      const ours = events.filter(
        (event) => sessionIdOf(event) !== null || event.stream === rolloutStream(flag),
      );
      return async (transaction) => {
        if (ours.length > 0) await foldBatch(transaction, flag, version, ours);
      };
    },
  };
}

async function foldBatch(
  sql: Sql,
  flag: string,
  version: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const folded = events.map((event) => {
    const sessionId = sessionIdOf(event);
    return { sessionId, event: sessionId === null ? rolloutEvent(event) : upcast(event) };
  });
  const sessionIds = new Set(folded.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId])));
  const before = (await sql.query<{ state: ExperimentState }>(EXPERIMENT, [version, flag])).rows[0]?.state;
  const sessions = await states<SessionState>(sql, SESSIONS, [version, [...sessionIds]]);
  const created = folded.flatMap(({ event }) => (event.type === 'SessionCreated' ? [event.data.userId] : []));
  const userIds = new Set([...created, ...[...sessions.values()].map(({ userId }) => userId)]);
  const users = await states<UserState>(sql, USERS, [version, flag, [...userIds]]);
  const placed = [...sessions.values()].flatMap(({ stage }) => (stage === null ? [] : [stage]));
  const loaded = await sql.query<{ state: StageState }>(STAGES, [
    version,
    flag,
    before?.attempt ?? 1,
    placed,
  ]);

  let experiment = before ?? initialExperiment(flag);
  let stages: ReadonlyMap<number, StageState> = new Map(loaded.rows.map(({ state }) => [state.stage, state]));
  const loadedStages = stages;
  const changedSessions = new Map<string, SessionState>();
  const changedUsers = new Map<string, UserState>();
  for (const { sessionId, event } of folded) {
    if (isOfAnotherFlag(event, flag)) continue;
    const session = sessionId === null ? null : (sessions.get(sessionId) ?? null);
    if (sessionId !== null && session === null && event.type !== 'SessionCreated') continue;
    const userId = event.type === 'SessionCreated' ? event.data.userId : session?.userId;
    const user = userId === undefined ? null : (users.get(userId) ?? null);
    const after = evolveExperiment({ experiment, stages, session, user }, event);
    ({ experiment, stages } = after);
    if (sessionId !== null && after.session !== null && after.session !== session) {
      sessions.set(sessionId, after.session);
      changedSessions.set(sessionId, after.session);
    }
    if (userId !== undefined && after.user !== null && after.user !== user) {
      users.set(userId, after.user);
      changedUsers.set(userId, after.user);
    }
  }

  if (experiment !== before) await sql.query(SAVE_EXPERIMENT, [version, flag, JSON.stringify(experiment)]);
  for (const [number, stage] of stages) {
    if (loadedStages.get(number) === stage) continue;
    await sql.query(SAVE_STAGE, [version, flag, number, stage.attempt, JSON.stringify(stage)]);
  }
  if (changedSessions.size > 0) await sql.query(SAVE_SESSIONS, [version, rowsOf(changedSessions)]);
  if (changedUsers.size > 0) await sql.query(SAVE_USERS, [version, flag, rowsOf(changedUsers)]);
}

function isOfAnotherFlag(event: RecordingEvent | ReturnType<typeof rolloutEvent>, flag: string): boolean {
  return event.type === 'SessionCreated' && event.data.assignment.flag !== flag;
}

async function states<State>(
  sql: Sql,
  query: string,
  values: readonly unknown[],
): Promise<Map<string, State>> {
  const { rows } = await sql.query<{ key: string; state: State }>(query, [...values]);
  return new Map(rows.map(({ key, state }) => [key, state]));
}

function rowsOf<State>(changed: ReadonlyMap<string, State>): string {
  return JSON.stringify([...changed].map(([key, state]) => ({ key, state })));
}

/** Reads what the consumer of that version has built. The view is computed once for each state. */
export function experiments(sql: Sql, version = EXPERIMENT_VERSION): Experiments {
  const kept = new Map<string, { readonly folded: number; readonly view: ExperimentView }>();
  return {
    async read(flag) {
      const { rows } = await sql.query<{ state: ExperimentState }>(EXPERIMENT, [version, flag]);
      const state = rows[0]?.state;
      if (state === undefined) return null;
      const { folded } = state;
      const before = kept.get(flag);
      if (before?.folded === folded) return before.view;
      const stages = await sql.query<{ state: StageState }>(ALL_STAGES, [version, flag]);
      const view = experimentView(
        state,
        stages.rows.map((row) => row.state),
      );
      kept.set(flag, { folded, view });
      return view;
    },
  };
}
