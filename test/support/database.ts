/**
 * A database of its own for each test that wants one, cloned from a template in which all migrations have run. The
 * server is the run's own embedded PostgreSQL (`global-setup.ts`), or the one that TEST_DATABASE_URL names.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/database/migrate.ts';
import { DOOR } from './test-database-door.ts';

const MIGRATIONS = join(import.meta.dirname, '../../src/database/migrations');

export type TestDatabase = {
  readonly connectionString: string;
  /** Ends the connections that are still open, too. */
  drop(): Promise<void>;
};

/** Migrated and empty; some 50 ms. */
export async function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase((client, server) => ensureTemplate(client, server));
}

/** With nothing in it at all. */
export async function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase(async () => 'template0');
}

async function createDatabase(
  templateOf: (client: pg.Client, server: string) => Promise<string>,
): Promise<TestDatabase> {
  const server = await testServer();
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await withClient(server, async (client) => {
    await client.query(`create database ${name} template ${await templateOf(client, server)}`);
  });
  return {
    connectionString: onDatabase(server, name),
    drop: () =>
      withClient(server, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
      }),
  };
}

async function testServer(): Promise<string> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined) return given;
  const door = process.env[DOOR];
  if (door === undefined) throw new Error('jest.config.mjs lacks globalSetup: test/support/global-setup.ts');
  const response = await fetch(door, { signal: AbortSignal.timeout(60_000) });
  const answer = await response.text();
  if (!response.ok) throw new Error(`no PostgreSQL for the tests: ${answer}`);
  return answer;
}

/** Named for what the migrations say, so an outdated one is never used; gets its name only when it is whole. */
async function ensureTemplate(client: pg.Client, server: string): Promise<string> {
  const hash = createHash('sha256');
  for (const file of readdirSync(MIGRATIONS).sort())
    hash.update(file).update(readFileSync(join(MIGRATIONS, file)));
  const name = `template_${hash.digest('hex').slice(0, 16)}`;
  const exists = async () =>
    (await client.query('select 1 from pg_database where datname = $1', [name])).rowCount === 1;
  if (await exists()) return name;
  await client.query(`select pg_advisory_lock(hashtextextended('thankly-test-template', 0))`);
  try {
    if (await exists()) return name;
    const draft = `${name}_draft`;
    await client.query(`drop database if exists ${draft} with (force)`);
    await client.query(`create database ${draft}`);
    await migrate(onDatabase(server, draft));
    await client.query(`alter database ${draft} rename to ${name}`);
    return name;
  } finally {
    await client.query(`select pg_advisory_unlock(hashtextextended('thankly-test-template', 0))`);
  }
}

function onDatabase(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.href;
}

export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
) {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 10_000, query_timeout: 60_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
