/** Erasures in the table of that name. */
import type pg from 'pg';
import type { Sql } from '../eventlog/sql.ts';
import type { Erasure, Erasures } from '../sessions/erasures.ts';

const CUT = 'delete from people where subject = $1 returning pseudonym';
const NOTE = 'insert into erasures (id, pseudonym, requested_at) values ($1, $2, $3)';
const FIND = 'select requested_at, finished_at from erasures where id = $1';
const PSEUDONYM = 'select pseudonym from erasures where id = $1 and finished_at is null';
const FINISH = 'update erasures set finished_at = $2, pseudonym = null where id = $1 and finished_at is null';

const UNFINISHED = `select id, requested_at as "requestedAt" from erasures
  where finished_at is null and requested_at < $1 order by requested_at`;

type Row = {
  readonly requested_at: Date;
  readonly finished_at: Date | null;
};

/** @param enqueue puts the job that erases the sessions into the queue, in the transaction that it is given */
export function postgresErasures(
  pool: pg.Pool,
  enqueue: (transaction: Sql, id: string) => Promise<void>,
): Erasures {
  return {
    async request(subject, id, now) {
      const client = await pool.connect();
      try {
        await client.query('begin');
        const [person] = (await client.query<{ pseudonym: string }>(CUT, [subject])).rows;
        if (person !== undefined) {
          await client.query(NOTE, [id, person.pseudonym, now]);
          await enqueue(client, id);
        }
        await client.query('commit');
        client.release();
        return person === undefined ? null : { id, requestedAt: now, finishedAt: null };
      } catch (error) {
        client.release(true); // with its transaction
        throw error;
      }
    },
    async find(id) {
      const [row] = (await pool.query<Row>(FIND, [id])).rows;
      return row === undefined ? null : erasureOf(id, row);
    },
    async pseudonymOf(id) {
      const { rows } = await pool.query<{ pseudonym: string }>(PSEUDONYM, [id]);
      return rows[0]?.pseudonym ?? null;
    },
    async finish(id, now) {
      await pool.query(FINISH, [id, now]);
    },
  };
}

function erasureOf(id: string, { requested_at, finished_at }: Row): Erasure {
  const finishedAt = finished_at?.toISOString() ?? null;
  return { id, requestedAt: requested_at.toISOString(), finishedAt };
}

/** Those asked for before this moment, ISO 8601, of which something may still be there. */
export async function unfinishedErasures(
  sql: Sql,
  before: string,
): Promise<{ readonly id: string; readonly requestedAt: string }[]> {
  const { rows } = await sql.query<{ id: string; requestedAt: Date }>(UNFINISHED, [before]);
  return rows.map(({ id, requestedAt }) => ({ id, requestedAt: requestedAt.toISOString() }));
}
