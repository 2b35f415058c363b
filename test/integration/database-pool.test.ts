/** Connections that the server ends: idle ones, and those at work. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const NAME = 'test-pool';

let database: TestDatabase;
let pool: pg.Pool;
let errors: unknown[];
beforeEach(async () => {
  database = await createTestDatabase();
  errors = [];
  const { connectionString } = database;
  pool = createPool({ connectionString, name: NAME, max: 1, onError: (error) => errors.push(error) });
}, 300_000);
afterEach(async () => {
  await pool?.end();
  await database?.drop();
}, 300_000);

/** From another connection, as a server that is shut down does. */
async function endConnections(): Promise<void> {
  const other = new pg.Client({ connectionString: database.connectionString });
  await other.connect();
  try {
    await other.query('select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1', [
      NAME,
    ]);
  } finally {
    await other.end();
  }
}

describe('a pool', () => {
  it('tells of an idle connection that broke, without the client that it comes with, and makes another', async () => {
    await pool.query('select 1');
    await endConnections();
    await eventually(() => expect(errors).toHaveLength(1));
    expect(errors[0]).toMatchObject({ code: '57P01' });
    expect(errors[0]).not.toHaveProperty('client');
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('fails the query whose connection broke, and nothing else', async () => {
    const waiting = pool.query('select pg_sleep(60)');
    const refused = expect(waiting).rejects.toThrow();
    await eventually(async () => {
      await endConnections();
      expect(pool.totalCount).toBe(0);
    });
    await refused;
    expect(errors).toEqual([]);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});
