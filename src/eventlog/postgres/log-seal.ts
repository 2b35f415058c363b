/** The seal of the log in this database, and its consumers' checkpoints. Migration 0012 tells what keeps it. */
import type pg from 'pg';
import {
  type Checkpoint,
  LogBusy,
  type LogSeal,
  type Move,
  NodesRunning,
  type SealState,
} from '../log-seal.ts';
import type { Sql } from '../sql.ts';

/** What an append to a sealed log is refused with, and a checkpoint in one that has moved. */
export const SEALED = '57PLS';

const STATE = 'select moved_at is not null as moved from log_seal';
const WAIT_SECONDS = 5;
const WAIT_NO_LONGER = `set local lock_timeout = '${WAIT_SECONDS}s'`;
/** Waits for all that is being inserted, and lets nobody insert. */
const LOCK_EVENTS = 'lock table events in share row exclusive mode';
const SEAL = 'insert into log_seal default values on conflict do nothing';
const UNSEAL = 'delete from log_seal where moved_at is null';
/** Those of layouts of before, too (`layout.ts`): by consumer, layer and partition. */
const CHECKPOINTS = `select name, position from consumers
  union all
  select format('%s before %s/%s', consumer, layers.at - 1, places.at - 1), position
    from consumer_layouts, json_array_elements(before) with ordinality as layers (layer, at),
      json_array_elements_text(layer -> 'handledTo') with ordinality as places (position, at)
    where position is not null
  order by name`;
/** Nobody reads them either: a node that starts now finds them moved, or waits for it. */
const LOCK_CONSUMERS = 'lock table consumers, consumer_layouts in access exclusive mode';
const KNOWS_LAYOUTS = `set local thankly.layouts = 'known'`; // migration 0011
const LOCK_SEAL = 'select moved_at is not null as moved from log_seal for update';
const MOVE = `update consumers set position = moves.position, updated_at = now()
  from unnest($1::text[], $2::text[]) as moves (name, position) where consumers.name = moves.name`;
const MOVE_LAYERS = `update consumer_layouts set before = (
  select json_agg(json_build_object('partitions', layer -> 'partitions', 'handledTo', (
      select json_agg(moves.position order by places.at)
        from json_array_elements_text(layer -> 'handledTo') with ordinality as places (position, at)
        left join unnest($1::text[], $2::text[]) as moves (was, position) on moves.was = places.position
    )) order by layers.at)
    from json_array_elements(before) with ordinality as layers (layer, at)
  ) where json_array_length(before) > 0`;
const MOVED = 'update log_seal set moved_at = now()';
const MOVED_BACK = 'delete from log_seal';
/** Every node has its pools, and asks each second; commands have others. */
const NODES = `select count(*)::int as connections from pg_stat_activity
  where datname = current_database() and application_name in ('thankly-app', 'thankly-queue', 'thankly-migrate')`;
/** lock_not_available */
const NOT_IN_TIME = '55P03';

export async function sealState(sql: Sql): Promise<SealState> {
  const { rows } = await sql.query<{ moved: boolean }>(STATE);
  return rows[0] === undefined ? 'open' : rows[0].moved ? 'moved' : 'sealed';
}

export function postgresLogSeal(pool: pg.Pool): LogSeal {
  const checkpointsOf = async (sql: Sql) => (await sql.query<Checkpoint>(CHECKPOINTS)).rows;

  return {
    state: () => sealState(pool),
    seal: () =>
      inTransaction(pool, async (client) => {
        await client.query(LOCK_EVENTS);
        await client.query(SEAL);
      }),
    async unseal() {
      await pool.query(UNSEAL);
      return (await sealState(pool)) === 'open';
    },
    checkpoints: () => checkpointsOf(pool),
    move: (moves, to) =>
      inTransaction(pool, async (client) => {
        await client.query(LOCK_CONSUMERS);
        const { rows } = await client.query<{ moved: boolean }>(LOCK_SEAL);
        if (rows[0]?.moved !== (to === 'open') || !isWhole(moves, await checkpointsOf(client))) return false;
        if (to === 'open') {
          const { rows: nodes } = await client.query<{ connections: number }>(NODES);
          const connections = nodes[0]?.connections ?? 0;
          if (connections > 0) throw new NodesRunning(connections);
          await client.query(MOVED_BACK); // first, since it is what refuses positions of this log
        }
        await client.query(KNOWS_LAYOUTS);
        await client.query(MOVE, [moves.map(({ name }) => name), moves.map((move) => move.to)]);
        const places = new Map(moves.map((move) => [move.position, move.to]));
        await client.query(MOVE_LAYERS, [[...places.keys()], [...places.values()]]);
        if (to === 'moved') await client.query(MOVED);
        return true;
      }),
  };
}

/** Whether they are the moves of all of these, from where these are. */
function isWhole(moves: readonly Move[], checkpoints: readonly Checkpoint[]): boolean {
  const from = new Map(moves.map(({ name, position }) => [name, position]));
  return (
    from.size === checkpoints.length && checkpoints.every(({ name, position }) => from.get(name) === position)
  );
}

/** @throws LogBusy when a lock was not had in time */
async function inTransaction<Result>(
  pool: pg.Pool,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(WAIT_NO_LONGER);
    const result = await work(client);
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true); // with the connection, what it had begun is undone
    if (error instanceof Error && 'code' in error && error.code === NOT_IN_TIME)
      throw new LogBusy(WAIT_SECONDS, { cause: error });
    throw error;
  }
}
