/** Numbered, forward-only migrations: `migrations/NNNN_name.sql`, each run once, in order, in one transaction. */
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { connectionOptions } from './pool.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Nodes that start together take turns; the later ones find nothing to do. */
const TAKE_TURN = `select pg_advisory_lock(hashtextextended('thankly-migrations', 0))`;
const WAIT_FOR_TURN_MS = 120_000;

/** Resolves to the names of the migrations that were run now. */
export async function migrate(connectionString: string): Promise<string[]> {
  const options = connectionOptions({ connectionString, name: 'thankly-migrate' });
  const client = new pg.Client({
    ...options,
    statement_timeout: WAIT_FOR_TURN_MS,
    query_timeout: WAIT_FOR_TURN_MS,
  });
  await client.connect();
  try {
    await client.query(TAKE_TURN);
    const ran = await runner({
      dbClient: client,
      dir: FOLDER,
      migrationsTable: 'migrations',
      direction: 'up',
      singleTransaction: true,
      noLock: true, // ours is held; the library's own would fail instead of waiting
      log: () => undefined,
    });
    return ran.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
