import pg from 'pg';
import { connectionOptions } from '../../database/pool.ts';

const TAKE_TURN = `select pg_advisory_lock(hashtextextended('thankly-log-moves', 0))`;
/**
 * A committed transaction is always below the snapshot's xmax, unless another cluster has counted it. The shift makes the
 * next transaction here follow the last one there, so it is larger than any shift of before.
 */
const NOTICE_MOVE = `insert into log_moves (shift)
  select newest.transaction_id::text::bigint - snapshot.xmax::text::bigint + 1
  from (select transaction_id from events order by transaction_id desc limit 1) as newest,
    (select pg_snapshot_xmax(pg_current_snapshot()) as xmax) as snapshot
  where newest.transaction_id >= in_commit_order(snapshot.xmax)
  returning shift::text`;
const TIMEOUT_MS = 60_000;

/**
 * Makes the commit order go on behind what the log holds, when it was restored into a cluster that has not counted as far
 * (migration 0009). Positions stay as they are. It has to be called before anything is appended or followed, and does
 * nothing when there is nothing to do; nodes that start together take turns.
 *
 * Resolves to what is added to the transaction ids from now on; null when it was not moved.
 */
export async function continueCommitOrder(connectionString: string): Promise<string | null> {
  const client = new pg.Client({
    ...connectionOptions({ connectionString, name: 'thankly-log-moves' }),
    statement_timeout: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  await client.connect();
  try {
    await client.query(TAKE_TURN);
    const { rows } = await client.query<{ shift: string }>(NOTICE_MOVE);
    return rows[0]?.shift ?? null;
  } finally {
    await client.end();
  }
}
