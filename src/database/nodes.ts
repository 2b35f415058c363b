/** Nodes in the table of that name (migration 0010). */
import type pg from 'pg';
import {
  DEAD_AFTER_MS,
  MOST_NODES,
  type Node,
  type NodeRegistry,
  type SeenNode,
} from '../nodes/node-registry.ts';

const TAKE_TURN = `select pg_advisory_xact_lock(hashtextextended('thankly-nodes', 0))`;
const KEY = 'select key from node_key';
const LIFE = `interval '${DEAD_AFTER_MS} milliseconds'`;
/** Read at each row, so that a statement which had to wait does not take the dead for living. */
const IS_ALIVE = `beat_at > clock_timestamp() - ${LIFE}`;
const REMOVE_DEAD = `delete from nodes where not (${IS_ALIVE})`;
const REMOVE_ALL = 'delete from nodes';
const ALIVE = `select id, name, role, version, started_at as "startedAt", beat_at as "beatAt", beats::int, changing, settings
  from nodes where ${IS_ALIVE} order by started_at, id limit $1`;
const SAY_ALIVE = `insert into nodes (id, name, role, version, changing, settings) values ($1, $2, $3, $4, $5, $6)
  on conflict (id) do update set beat_at = clock_timestamp(), beats = nodes.beats + 1`;
const LEAVE = 'delete from nodes where id = $1';

type Row = Omit<SeenNode, 'startedAt' | 'beatAt'> & { readonly startedAt: Date; readonly beatAt: Date };

export function postgresNodes(pool: pg.Pool): NodeRegistry {
  const aliveOf = async (sql: pg.Pool | pg.PoolClient, limit: number): Promise<SeenNode[]> => {
    const { rows } = await sql.query<Row>(ALIVE, [limit]);
    return rows.map((row) => ({
      ...row,
      startedAt: row.startedAt.toISOString(),
      beatAt: row.beatAt.toISOString(),
    }));
  };
  return {
    async key() {
      const { rows } = await pool.query<{ key: string }>(KEY);
      if (rows[0] === undefined) throw new Error('the table node_key is empty');
      return rows[0].key;
    },
    async enter(node, may, { only = false } = {}) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        await client.query(TAKE_TURN);
        await client.query(only ? REMOVE_ALL : REMOVE_DEAD);
        const others = await aliveOf(client, MOST_NODES);
        if (may(others)) await client.query(SAY_ALIVE, valuesOf(node));
        await client.query('commit');
        client.release();
        return others;
      } catch (error) {
        client.release(true); // with its transaction
        throw error;
      }
    },
    async beat(node) {
      await pool.query(SAY_ALIVE, valuesOf(node));
    },
    alive: (limit) => aliveOf(pool, limit),
    async leave(id) {
      await pool.query(LEAVE, [id]);
    },
  };
}

function valuesOf({ id, name, role, version, changing, settings }: Node): unknown[] {
  return [id, name, role, version, changing, JSON.stringify(settings)];
}
