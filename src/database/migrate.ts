/** Numbered, forward-only migrations: `migrations/NNNN_name.sql`, each run once, in order, in one transaction. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import type { Sql } from '../eventlog/sql.ts';
import { connectionOptions } from './pool.ts';
import { requireWritable } from './writable.ts';

const FOLDER = join(import.meta.dirname, 'migrations');

/** Nodes that start together take turns; the later ones find nothing to do. */
const TAKE_TURN = `select pg_advisory_lock(hashtextextended('thankly-migrations', 0))`;
const WAIT_FOR_TURN_MS = 120_000;
/**
 * A node that is killed while its migration waits for somebody's lock has its turn until PostgreSQL notices: at once, when
 * it looks; else when that lock is free. Version 13, and other systems than Linux and macOS, cannot look.
 */
const NOTICE_A_DEAD_NODE = `do $$ begin
  perform set_config('client_connection_check_interval', '1000', false);
exception when others then null;
end $$`;

/**
 * Resolves to the names of the migrations that were run now: all that were missing, or none (one transaction).
 * @throws DatabaseReadOnly, and what the connection throws
 */
export async function migrate(connectionString: string): Promise<string[]> {
  const options = connectionOptions({ connectionString, name: 'thankly-migrate' });
  const client = new pg.Client({
    ...options,
    statement_timeout: WAIT_FOR_TURN_MS,
    query_timeout: WAIT_FOR_TURN_MS,
  });
  await client.connect();
  try {
    await requireWritable(client);
    await client.query(NOTICE_A_DEAD_NODE);
    await client.query(TAKE_TURN);
    const migrations = await runner({
      dbClient: client,
      dir: FOLDER,
      migrationsTable: 'migrations',
      direction: 'up',
      singleTransaction: true,
      noLock: true, // ours is held; the library's own would fail instead of waiting
      log: () => undefined,
    });
    return migrations.map(({ name }) => name);
  } finally {
    await client.end();
  }
}

const RUN = 'select name from migrations order by name';
const HAS_RUN_ANY = `select to_regclass('migrations') is not null as "hasRunAny"`;

const known = () => readdirSync(FOLDER).map((file) => file.replace(/\.sql$/, ''));

async function ran(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(RUN);
  return rows.map(({ name }) => name);
}

/** Migrations of a newer version of the code than this one, which have been run here: they only add, so we go on. */
export async function newerMigrations(sql: Sql): Promise<string[]> {
  const ours = new Set(known());
  return (await ran(sql)).filter((name) => !ours.has(name));
}

/** Whether all of this version's migrations have been run here. */
export async function isMigrated(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ hasRunAny: boolean }>(HAS_RUN_ANY);
  if (!rows[0]?.hasRunAny) return false;
  const here = new Set(await ran(sql));
  return known().every((name) => here.has(name));
}
