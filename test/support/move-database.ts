/** A dump of all that our own parts keep, restored into a cluster that has just been made. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { type EmbeddedPostgresServer, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { createPool } from '../../src/database/pool.ts';
import { migrateQueue } from '../../src/queue/worker.ts';
import { withClient } from './database.ts';

const TABLES = `select format('%I.%I', schemaname, tablename) as name from pg_tables
  where schemaname in ('public', 'projections', 'graphile_worker') order by 1`;
const SEQUENCES = `select format('%I.%I', schemaname, sequencename) as name, last_value as value from pg_sequences
  where schemaname in ('public', 'projections', 'graphile_worker') and last_value is not null`;
/** So many that a new cluster, which has counted its own making, is far behind. */
const TRANSACTIONS = 20_000;

export type FreshCluster = { readonly connectionString: string; remove(): Promise<void> };

/** A cluster of its own with our tables, empty. Some three seconds. */
export async function freshCluster(): Promise<FreshCluster> {
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-cluster-'));
  let server: EmbeddedPostgresServer | undefined;
  const remove = async () => {
    await server?.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
  try {
    server = await startEmbeddedPostgres(dataDir);
    const { connectionString } = server;
    await migrate(connectionString);
    const pool = createPool({ connectionString, name: 'test', max: 2, onError: () => undefined });
    await migrateQueue(pool);
    await pool.end();
    return { connectionString, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Lets the cluster count far ahead of a new one. */
export async function countAhead(connectionString: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    await client.query(`set synchronous_commit = off`);
    await client.query(`do $$ begin
      for number in 1..${TRANSACTIONS} loop perform pg_current_xact_id(); commit; end loop;
    end $$`);
  });
}

/** What the source holds at one moment, as `pg_dump` would take it; the target has the tables. */
export async function moveDatabase(from: string, to: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'thankly-dump-'));
  await chmod(folder, 0o777); // PostgreSQL writes and reads the files, perhaps as another user
  try {
    const wanted = new Set(await withClient(to, namesOf));
    const { names, sequences } = await withClient(from, async (client) => {
      await client.query('begin isolation level repeatable read read only');
      const names = (await namesOf(client)).filter((name) => wanted.has(name));
      for (const name of names) await client.query(`copy ${name} to '${folder}/${name}'`);
      const { rows } = await client.query<{ name: string; value: string }>(SEQUENCES);
      await client.query('commit');
      return { names, sequences: rows };
    });
    await withClient(to, async (client) => {
      await client.query('begin');
      await client.query(`set local session_replication_role = replica`); // no triggers, no order of tables
      await client.query(`truncate ${names.join(', ')}`);
      for (const name of names) await client.query(`copy ${name} from '${folder}/${name}'`);
      for (const { name, value } of sequences)
        await client.query('select setval(to_regclass($1), $2)', [name, value]);
      await client.query('commit');
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function namesOf(client: pg.Client): Promise<string[]> {
  return (await client.query<{ name: string }>(TABLES)).rows.map(({ name }) => name);
}
