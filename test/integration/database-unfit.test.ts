/** A PostgreSQL that answers and is of no use: it takes no writes, or no more connections. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startApplication } from '../support/application.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { runProgram } from '../support/process.ts';

let database: TestDatabase;
let name: string;
let folder: string;
let ends: (() => Promise<unknown>)[];
beforeEach(async () => {
  ends = [];
  database = await createTestDatabase();
  name = new URL(database.connectionString).pathname.slice(1);
  folder = await mkdtemp(join(tmpdir(), 'thankly-unfit-'));
}, 300_000);
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  await database?.drop();
  await rm(folder, { recursive: true, force: true });
}, 300_000);

/** One after the other, each a transaction. */
const query = (...texts: string[]) =>
  withClient(database.connectionString, async (client) => {
    for (const text of texts) await client.query(text);
  });

/** As a primary is that has become a standby: who is connected is thrown out, and who comes may only read. */
const setReadOnly = async (isReadOnly: boolean) => {
  await query(
    'set default_transaction_read_only = off',
    `alter database ${name} set default_transaction_read_only = ${isReadOnly}`,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
};

async function refusedStart(connectionString: string): Promise<string> {
  const { code, stderr } = await runProgram('src/main.ts', [], {
    PORT: '0',
    DATA_DIR: folder,
    DATABASE_URL: connectionString,
    OPENAI_API_KEY: 'sk-test',
  }).ended;
  expect(code).toBe(1);
  return stderr;
}

describe('a database that takes no writes', () => {
  it('is told by name at the start', async () => {
    await setReadOnly(true);
    expect(await refusedStart(database.connectionString)).toBe(
      'DATABASE_URL: the database there can only be read (a standby, or default_transaction_read_only)\n',
    );
  }, 60_000);

  it('makes a node that runs unready, its answers 503, and it goes on when writes are taken again', async () => {
    const application = await startApplication({ DATABASE_URL: database.connectionString });
    ends.push(() => application.stop());
    const me = httpClient(application.url, await application.token('me'));
    expect((await me.create()).status).toBe(201);

    await setReadOnly(true);
    ends.push(() => setReadOnly(false));
    await eventually(async () => {
      const { status, body } = await me.request('GET', '/readyz');
      expect([status, body.checks]).toEqual([503, { database: 'unavailable', objects: 'ok' }]);
    });
    await eventually(async () => expect((await me.create()).body.code).toBe('event_log_unavailable'));

    await setReadOnly(false);
    await eventually(async () => {
      expect((await me.request('GET', '/readyz')).status).toBe(200);
      expect((await me.create()).status).toBe(201);
    });
  }, 90_000);
});

describe('a database with no connection left', () => {
  it('is told by name at the start', async () => {
    const role = `few_${name}`;
    await query(`create role ${role} login password 'hush-hush' connection limit 1`);
    ends.push(() => query(`drop role ${role}`));
    const theirs = new URL(database.connectionString);
    [theirs.username, theirs.password] = [role, 'hush-hush'];
    await withClient(theirs.href, async (client) => {
      await client.query('select 1');
      const said = await refusedStart(theirs.href);
      expect(said).toMatch(/^DATABASE_URL: the server has no connection left for us/);
      expect(said).not.toContain('hush');
    });
  }, 60_000);
});
