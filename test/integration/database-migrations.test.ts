/** Migrations when nodes die in the middle of them, start all at once, or are older than what they find. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/database/migrate.ts';
import { createPool } from '../../src/database/pool.ts';
import { migrateQueue } from '../../src/queue/worker.ts';
import { startApplication } from '../support/application.ts';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Program, runProgram } from '../support/process.ts';

const ALL = readdirSync(join(import.meta.dirname, '../../src/database/migrations'))
  .map((file) => file.replace(/\.sql$/, ''))
  .sort();
const MIGRATING = 'thankly-migrate';

let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  ends = [];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
}, 300_000);

async function given(create: () => Promise<TestDatabase>): Promise<TestDatabase> {
  const database = await create();
  ends.push(() => database.drop());
  return database;
}

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  ends.push(() => client.end());
  return client;
}

function node(connectionString: string): Program {
  const program = runProgram('test/support/migrate-child.ts', [connectionString]);
  ends.push(async () => {
    program.child.kill('SIGKILL');
    await program.ended;
  });
  return program;
}

const migrationsIn = async (client: pg.Client): Promise<string[]> =>
  (await client.query('select name from migrations order by id')).rows.map(({ name }) => name);

describe('a node that is killed in the middle of a migration', () => {
  it('leaves nothing half done, keeps nobody waiting, and the next node does all of it', async () => {
    const { connectionString } = await given(createEmptyDatabase);
    const look = await connect(connectionString);
    const waiting = async () =>
      (
        await look.query(
          `select pid from pg_stat_activity where datname = current_database() and application_name = $1
            and wait_event_type = 'Lock' and wait_event <> 'advisory'`,
          [MIGRATING],
        )
      ).rows.map(({ pid }) => pid);
    // Of a table that a late migration makes, somebody else has made half: it has to wait for what becomes of that.
    const other = await connect(connectionString);
    await other.query('begin; create table erasures ()');

    const first = node(connectionString);
    const [killed] = await eventually(async () => {
      const pids = await waiting();
      expect(pids).toHaveLength(1);
      return pids;
    });
    first.child.kill('SIGKILL');
    await first.ended;
    // The server's half of it goes although what it waits for does not; and the next one's is where it was.
    const second = node(connectionString);
    await eventually(async () => {
      const pids = await waiting();
      expect([pids.length, pids.includes(killed)]).toEqual([1, false]);
    });
    const tables = `select count(*)::int as tables from pg_tables where schemaname in ('public', 'projections') and tablename <> 'migrations'`;
    expect((await look.query(tables)).rows).toEqual([{ tables: 0 }]);

    await other.query('rollback');
    await second.printed(new RegExp(`^migrated ${ALL.join(' ')}$`, 'm'), 60_000);
    expect(await migrationsIn(look)).toEqual(ALL);
    expect(await migrate(connectionString)).toEqual([]);
  }, 120_000);
});

describe('nodes that start at once on an empty database', () => {
  it('run each migration once, of ours and of the queue’s, and can all enqueue', async () => {
    const { connectionString } = await given(createEmptyDatabase);
    const pools = Array.from({ length: 6 }, () =>
      createPool({ connectionString, name: 'test-node', max: 2, onError: () => undefined }),
    );
    ends.push(() => Promise.all(pools.map((pool) => pool.end())));
    const ran = await Promise.all(
      pools.map(async (pool) => {
        const names = await migrate(connectionString);
        await migrateQueue(pool);
        await pool.query(`select graphile_worker.add_job('merge')`);
        return names;
      }),
    );
    expect(ran.filter((names) => names.length > 0)).toEqual([ALL]);
    const client = await connect(connectionString);
    expect(await migrationsIn(client)).toEqual(ALL);
    const { rows } = await client.query(`select
      (select count(*)::int from graphile_worker._private_jobs) as jobs,
      (select count(*) = max(id) from graphile_worker.migrations) as "eachOnce"`);
    expect(rows).toEqual([{ jobs: 6, eachOnce: true }]);
  }, 60_000);
});

describe('a node that is older than the database', () => {
  it('starts all the same, and says so', async () => {
    const { connectionString } = await given(createTestDatabase);
    const client = await connect(connectionString);
    await client.query(
      `insert into migrations (name, run_on) values ('9998_of-a-newer', now()), ('9999_one', now())`,
    );
    const application = await startApplication({ DATABASE_URL: connectionString });
    ends.push(() => application.stop());
    expect((await fetch(`${application.url}/readyz`)).status).toBe(200);
    const warned = application.logged.filter((line) => line.includes('a newer version has migrated'));
    expect(warned.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', migrations: ['9998_of-a-newer', '9999_one'] }),
    ]);
    expect(await migrationsIn(client)).toEqual([...ALL, '9998_of-a-newer', '9999_one']);
  }, 60_000);
});
