/**
 * How the experiment is stored and read: in four tables. A batch loads what its events
 * touch, folds it in memory, and saves what has changed.
 */
import type { RecordedEvent } from '../src/eventlog/event-log.ts';
import type { Projection } from '../src/eventlog/projection.ts';
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
import { liveGeneration } from './live-generation.ts';

const NAME = 'experiment';
const EXPERIMENT = 'select state from projections.experiments where generation = $1 and flag = $2';
const STAGES = `select state from projections.experiment_stages
  where generation = $1 and flag = $2 and (attempt = $3 or stage = any ($4::int[]))`;
const SESSIONS = `select session_id as "key", state from projections.experiment_sessions
  where generation = $1 and flag = $2 and session_id = any ($3::uuid[])`;
const USERS = `select user_id as "key", state from projections.experiment_users
  where generation = $1 and flag = $2 and user_id = any ($3::text[])`;
const SAVE_EXPERIMENT = `insert into projections.experiments (generation, flag, state) values ($1, $2, $3)
  on conflict (generation, flag) do update set state = excluded.state`;
const SAVE_STAGE = `insert into projections.experiment_stages (generation, flag, stage, attempt, state)
  values ($1, $2, $3, $4, $5) on conflict (generation, flag, stage) do update set state = excluded.state`;
const SAVE_SESSIONS = `insert into projections.experiment_sessions (generation, flag, session_id, state)
  select $1, $2, (row ->> 'key')::uuid, row -> 'state' from json_array_elements($3::json) as row
  on conflict (generation, flag, session_id) do update set state = excluded.state`;
const SAVE_USERS = `insert into projections.experiment_users (generation, flag, user_id, state)
  select $1, $2, row ->> 'key', row -> 'state' from json_array_elements($3::json) as row
  on conflict (generation, flag, user_id) do update set state = excluded.state`;
const DISCARD = [
  `delete from projections.experiment_sessions where generation = $1 and (flag, session_id) in
    (select flag, session_id from projections.experiment_sessions where generation = $1 limit $2)`,
  `delete from projections.experiment_users where generation = $1 and (flag, user_id) in
    (select flag, user_id from projections.experiment_users where generation = $1 limit $2)`,
  `delete from projections.experiment_stages where generation = $1 and (flag, stage) in
    (select flag, stage from projections.experiment_stages where generation = $1 limit $2)`,
  `delete from projections.experiments where generation = $1 and flag in
    (select flag from projections.experiments where generation = $1 limit $2)`,
];
/** One statement, so that all is of one generation. The stages are sent only when they are not those of $2 and $3. */
const READ = `select generation, state, case
      when generation = $2 and (state ->> 'folded')::int = $3 then null
      else (
        select coalesce(json_agg(stage.state order by stage.stage), '[]'::json)
        from projections.experiment_stages as stage
        where stage.generation = experiment.generation and stage.flag = experiment.flag
      )
    end as stages
  from projections.experiments as experiment
  where generation = ${liveGeneration(NAME, EXPERIMENT_VERSION)} and flag = $1`;

export function experimentProjection(flag: string): Projection {
  return {
    name: NAME,
    version: EXPERIMENT_VERSION,
    filter: { types: EXPERIMENT_EVENTS },
    handle: (generation) => async (events) => {
      const ours = events.filter(
        (event) => sessionIdOf(event) !== null || event.stream === rolloutStream(flag),
      );
      return async (transaction) => {
        if (ours.length > 0) await foldBatch(transaction, flag, generation, ours);
      };
    },
    discard: DISCARD,
  };
}

async function foldBatch(
  sql: Sql,
  flag: string,
  generation: number,
  events: readonly RecordedEvent[],
): Promise<void> {
  const folded = events.map((event) => {
    const sessionId = sessionIdOf(event);
    return { sessionId, event: sessionId === null ? rolloutEvent(event) : upcast(event) };
  });
  const sessionIds = new Set(folded.flatMap(({ sessionId }) => (sessionId === null ? [] : [sessionId])));
  const before = (await sql.query<{ state: ExperimentState }>(EXPERIMENT, [generation, flag])).rows[0]?.state;
  const sessions = await states<SessionState>(sql, SESSIONS, [generation, flag, [...sessionIds]]);
  const created = folded.flatMap(({ event }) => (event.type === 'SessionCreated' ? [event.data.userId] : []));
  const userIds = new Set([...created, ...[...sessions.values()].map(({ userId }) => userId)]);
  const users = await states<UserState>(sql, USERS, [generation, flag, [...userIds]]);
  const placed = [...sessions.values()].flatMap(({ stage }) => (stage === null ? [] : [stage]));
  const loaded = await sql.query<{ state: StageState }>(STAGES, [
    generation,
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

  if (experiment !== before) await sql.query(SAVE_EXPERIMENT, [generation, flag, JSON.stringify(experiment)]);
  for (const [number, stage] of stages) {
    if (loadedStages.get(number) === stage) continue;
    await sql.query(SAVE_STAGE, [generation, flag, number, stage.attempt, JSON.stringify(stage)]);
  }
  if (changedSessions.size > 0) await sql.query(SAVE_SESSIONS, [generation, flag, rowsOf(changedSessions)]);
  if (changedUsers.size > 0) await sql.query(SAVE_USERS, [generation, flag, rowsOf(changedUsers)]);
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

/** What is read of it. The view is computed once for each state. */
export function experiments(sql: Sql): Experiments {
  type Kept = { readonly generation: number; readonly folded: number; readonly view: ExperimentView };
  type Read = { generation: number; state: ExperimentState; stages: StageState[] | null };
  const kept = new Map<string, Kept>();
  return {
    async read(flag) {
      const before = kept.get(flag);
      const { rows } = await sql.query<Read>(READ, [
        flag,
        before?.generation ?? null,
        before?.folded ?? null,
      ]);
      const [row] = rows;
      if (row === undefined) return null;
      const { generation, state, stages } = row;
      if (stages === null && before !== undefined) return before.view;
      const view = experimentView(state, stages ?? []);
      kept.set(flag, { generation, folded: state.folded, view });
      return view;
    },
  };
}
