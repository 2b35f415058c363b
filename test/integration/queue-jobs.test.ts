/** Jobs enqueued twice, as the node that caused them and the dispatcher both do. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { ERASE_TASK, enqueueAll, stepJob } from '../../src/queue/jobs.ts';
import { migrateQueue } from '../../src/queue/worker.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

let database: TestDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  pool = createPool({ connectionString, name: 'test', max: 4, onError: () => undefined });
  await migrateQueue(pool);
}, 300_000);
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});

const JOB = stepJob(crypto.randomUUID(), { step: 'merge', generation: 0, attempt: 1 });

async function waitsForALock(client: pg.PoolClient): Promise<boolean> {
  const { rowCount } = await client.query(
    `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rowCount === 1;
}

it('what somebody waits for is taken first: words, then what is made of them, then the rest', async () => {
  const sessionId = crypto.randomUUID();
  const step = { generation: 0, attempt: 1 } as const;
  await enqueueAll(pool, [
    { task: ERASE_TASK, payload: { sessionId }, runAt: null },
    stepJob(sessionId, { ...step, step: 'polish', part: 0 }),
    stepJob(sessionId, { ...step, step: 'polish' }),
    stepJob(sessionId, { ...step, step: 'transcribe', part: 3 }),
  ]);
  const { rows } = await pool.query(
    'select key from graphile_worker._private_jobs where key like $1 order by priority, run_at, id',
    [`${sessionId}/%`],
  );
  expect(rows.map(({ key }) => key.slice(sessionId.length + 1))).toEqual([
    'transcribe-3/0/1',
    'polish/0/1',
    'erase-objects',
    'polish-0/0/1',
  ]);
  await pool.query('delete from graphile_worker._private_jobs');
});

describe('a job enqueued by two at the same moment', () => {
  it('is there once, and a worker is woken after the later one has let go of its row', async () => {
    const [one, two, worker] = [await pool.connect(), await pool.connect(), await pool.connect()];
    let woken = 0;
    worker.on('notification', () => woken++);
    try {
      await worker.query('listen "jobs:insert"');
      await one.query('begin');
      await two.query('begin');
      await enqueueAll(one, [JOB]);
      const second = enqueueAll(two, [JOB]);
      await eventually(async () => expect(await waitsForALock(worker)).toBe(true)); // for the first one's row
      await one.query('commit');
      await second;
      await eventually(() => expect(woken).toBe(1));
      const { rows } = await worker.query(
        'select id from graphile_worker._private_jobs for update skip locked',
      );
      expect(rows).toEqual([]); // whom the first one woke finds it locked
      await two.query('commit');
      await eventually(() => expect(woken).toBe(2));
      const { rowCount } = await worker.query(
        'select id from graphile_worker._private_jobs for update skip locked',
      );
      expect(rowCount).toBe(1);
    } finally {
      for (const client of [one, two, worker]) client.release(true);
    }
  });
});

describe('a job that waits for its time', () => {
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const waiting = stepJob(crypto.randomUUID(), { step: 'transcribe', part: 3, generation: 0, attempt: 2 });
  const runAt = async () => {
    const { rows } = await pool.query('select run_at from graphile_worker._private_jobs where key = $1', [
      `${waiting.payload.sessionId}/transcribe-3/0/2`,
    ]);
    return rows.map(({ run_at }) => new Date(run_at).getTime());
  };
  it('is brought forward when it is asked for at once, and never put off', async () => {
    await enqueueAll(pool, [{ ...waiting, runAt: later }]);
    expect(await runAt()).toEqual([Date.parse(later)]);
    await enqueueAll(pool, [waiting]);
    const [now = 0, ...others] = await runAt();
    expect(others).toEqual([]);
    expect(now).toBeLessThanOrEqual(Date.now() + 1_000);
    await enqueueAll(pool, [{ ...waiting, runAt: later }]);
    expect(await runAt()).toEqual([now]);
  });
});
