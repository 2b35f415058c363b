/** The generations of projections in PostgreSQL, beside their rows and checkpoints. */
import type pg from 'pg';
import type { Position } from '../event-log.ts';
import type { LogIndex } from '../log-index.ts';
import type { SwapFacts } from '../may-swap.ts';
import {
  consumerOf,
  type Generation,
  GenerationGone,
  type ProjectionStore,
  shownTo,
} from '../projection-store.ts';
import { postgresLogIndex } from './log-index.ts';

const COLUMNS = `projection, generation, version, state, requested_by as "requestedBy",
  requested_at as "requestedAt", swapped_at as "swappedAt",
  coalesce(extract(epoch from now() - retired_at) * 1000, 0)::float8 as "retiredForMs"`;
const IN_ORDER = 'order by projection, swapped_at nulls first, generation';
const ALL = `select ${COLUMNS} from projections.generations where state <> 'removed' ${IN_ORDER}`;
/**
 * Of two that begin at once one inserts; the other may see nothing yet, and asks again. $4: only a version's first one,
 * so that who looked a moment ago does not begin what is live by now.
 */
const BEGIN = `with begun as (
    insert into projections.generations (projection, generation, version, state, requested_by)
    select $1, coalesce(max(generation), 0) + 1, $2, 'building', $3
    from projections.generations where projection = $1
    having not $4 or not coalesce(bool_or(version = $2 and state in ('building', 'live')), false)
    on conflict do nothing
    returning *
  )
  select ${COLUMNS} from begun
  union all
  select ${COLUMNS} from projections.generations where projection = $1 and version = $2
    and (state = 'building' or ($4 and state = 'live'))`;
const LOCK = `select ${COLUMNS} from projections.generations
  where projection = $1 and state in ('building', 'live') ${IN_ORDER} for update`;
/** Who leads that consumer cannot commit until we are done; to be held, its checkpoint must be there. */
const ENSURE_CHECKPOINT = 'insert into consumers (name, position) values ($1, $2) on conflict do nothing';
const HOLD_CHECKPOINT = 'select position from consumers where name = $1 for update';
const CHECKPOINT = 'select position from consumers where name = $1';
const PARKED_HERE_ONLY = `select count(*)::int as streams from parked_streams as here where consumer = $1
  and not exists (select from parked_streams as there where there.consumer = $2 and there.stream = here.stream)`;
const RETIRE_LIVE = `update projections.generations set state = 'retired', retired_at = now()
  where projection = $1 and version = $2 and state = 'live'`;
const GO_LIVE = `update projections.generations set state = 'live', swapped_at = clock_timestamp()
  where projection = $1 and generation = $2`;
const RETIRE = `update projections.generations set state = 'retired', retired_at = now()
  where projection = $1 and generation = $2 and state = $3`;
const IS_WANTED = `select from projections.generations
  where projection = $1 and generation = $2 and state in ('building', 'live')`;
const FORGET_CHECKPOINT = 'delete from consumers where name = $1';
const FORGET_PARKED = 'delete from parked_streams where consumer = $1';
const REMOVED = `update projections.generations set state = 'removed' where projection = $1 and generation = $2`;
const BEGIN_TRIES = 10;

type Row = Omit<Generation, 'requestedAt' | 'swappedAt'> & { requestedAt: Date; swappedAt: Date | null };

/** @param index of the log they are built from; default, the one in the same database */
export function postgresProjectionStore(
  pool: pg.Pool,
  index: LogIndex = postgresLogIndex(pool),
): ProjectionStore {
  return {
    async generations() {
      const { rows } = await pool.query<Row>(ALL);
      return rows.map(generationOf);
    },
    async begin(projection, version, requestedBy, { onlyFirst = false } = {}) {
      for (let tries = 0; tries < BEGIN_TRIES; tries++) {
        const { rows } = await pool.query<Row>(BEGIN, [projection, version, requestedBy, onlyFirst]);
        if (rows[0] !== undefined) return generationOf(rows[0]);
      }
      throw new Error(`no generation of ${projection} could be begun`);
    },
    async swap(built, decide) {
      const { projection, generation, version } = built;
      const client = await pool.connect();
      try {
        await client.query('begin');
        const generations = (await client.query<Row>(LOCK, [projection])).rows.map(generationOf);
        const isBuilding = generations.some(
          (each) => each.generation === generation && each.state === 'building',
        );
        const shown = shownTo(version, generations);
        const swaps = isBuilding && decide(await factsOf(client, index, built, shown));
        if (swaps) {
          await client.query(RETIRE_LIVE, [projection, version]);
          await client.query(GO_LIVE, [projection, generation]);
        }
        await client.query('commit');
        client.release();
        return swaps;
      } catch (error) {
        client.release(true); // with the connection, what it had begun is undone
        throw error;
      }
    },
    async retire({ projection, generation, state }) {
      return (await pool.query(RETIRE, [projection, generation, state])).rowCount === 1;
    },
    fence(generation) {
      return async (transaction) => {
        const { projection, generation: number } = generation;
        const { rowCount } = await transaction.query(IS_WANTED, [projection, number]);
        if (rowCount === 0) throw new GenerationGone(generation);
      };
    },
    forget(generation) {
      return async (transaction) => {
        await transaction.query(FORGET_CHECKPOINT, [consumerOf(generation)]);
        await transaction.query(FORGET_PARKED, [consumerOf(generation)]);
        await transaction.query(REMOVED, [generation.projection, generation.generation]);
      };
    },
    async read(consumer) {
      const { rows } = await pool.query<{ position: Position }>(CHECKPOINT, [consumer]);
      return index.read(rows[0]?.position ?? null);
    },
  };
}

async function factsOf(
  client: pg.PoolClient,
  index: LogIndex,
  built: Generation,
  shown: Generation | undefined,
): Promise<SwapFacts> {
  if (shown === undefined) return { isShown: false, isBehind: false, parkedHereOnly: 0 };
  const [here, there] = [consumerOf(built), consumerOf(shown)];
  await client.query(ENSURE_CHECKPOINT, [there, index.start]);
  const shownAt = await positionOf(client, HOLD_CHECKPOINT, there);
  const builtAt = await positionOf(client, CHECKPOINT, here);
  const { rows } = await client.query<{ streams: number }>(PARKED_HERE_ONLY, [here, there]);
  return { isShown: true, isBehind: index.isBefore(builtAt, shownAt), parkedHereOnly: rows[0]?.streams ?? 0 };
}

async function positionOf(client: pg.PoolClient, query: string, consumer: string): Promise<Position | null> {
  const { rows } = await client.query<{ position: Position }>(query, [consumer]);
  return rows[0]?.position ?? null;
}

function generationOf({ requestedAt, swappedAt, ...row }: Row): Generation {
  return {
    ...row,
    requestedAt: requestedAt.toISOString(),
    swappedAt: swappedAt?.toISOString() ?? null,
  };
}
