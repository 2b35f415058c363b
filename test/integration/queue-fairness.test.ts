/** Who has many recordings waiting keeps nobody waiting who has one. Takes some two seconds. */
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { dispatchAtOnce } from '../../src/queue/dispatcher.ts';
import { createTurns } from '../../src/queue/turns.ts';
import { migrateQueue, startWorker, type Worker } from '../../src/queue/worker.ts';
import { decide } from '../../src/recording/decide.ts';
import { fold } from '../../src/recording/evolve.ts';
import { DEFAULT_LIMITS } from '../../src/recording/limits.ts';
import type { Session } from '../../src/recording/session.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { complete, created, received } from '../support/recording-events.ts';

const MANY = 500;
const CONCURRENCY = 2;

let database: TestDatabase;
let pool: pg.Pool;
let worker: Worker | undefined;
beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  pool = createPool({ connectionString, name: 'test', max: 8, onError: () => undefined });
  await migrateQueue(pool);
}, 300_000);
afterAll(async () => {
  await worker?.stop();
  await pool?.end();
  await database?.drop();
}, 300_000);

/** Uploaded, and to be merged. */
function uploaded(userId: string): Session {
  const events = [...created({ sessionId: crypto.randomUUID(), userId }), received(0)];
  const session = fold([...events, ...decide(fold(events), complete([0]), DEFAULT_LIMITS).events]);
  if (session === null) throw new Error('no session');
  return session;
}

async function waiting(): Promise<number> {
  const { rows } = await pool.query('select count(*)::int as jobs from graphile_worker._private_jobs');
  return rows[0].jobs;
}

it('one recording that comes last is next, beside five hundred of somebody else', async () => {
  const failures: unknown[] = [];
  const enqueue = dispatchAtOnce(pool, createTurns(performance.now.bind(performance)), (error) =>
    failures.push(error),
  );
  const one = uploaded('one');
  for (let made = 0; made < MANY; ) {
    // Not all at once: nobody waits for a connection for long.
    for (let more = 0; more < 25; more++, made++) enqueue(uploaded('many'));
    const enqueued = made;
    await eventually(async () => expect(await waiting()).toBe(enqueued));
  }
  const ran: string[] = [];
  let ranBefore = Number.POSITIVE_INFINITY;
  worker = await startWorker({
    pool,
    connectionString: database.connectionString,
    concurrency: CONCURRENCY,
    runStep: async ({ sessionId }) => {
      ran.push(sessionId);
      if (ran.length !== 20) return;
      enqueue(one);
      // Until it is there: what runs meanwhile went before it by right.
      await eventually(async () =>
        expect(
          (
            await pool.query(`select from graphile_worker._private_jobs where key like $1`, [
              `${one.sessionId}/%`,
            ])
          ).rowCount,
        ).toBe(1),
      );
      ranBefore = ran.length;
    },
    passDeadline: async () => undefined,
    eraseObjects: async () => undefined,
    erasePerson: async () => undefined,
    enforceRetention: async () => undefined,
    log: () => undefined,
  });
  await eventually(() => expect(ran).toContain(one.sessionId), 60_000);
  // Those that were under way or taken already.
  expect(ran.indexOf(one.sessionId) - ranBefore).toBeLessThanOrEqual(2 * CONCURRENCY);
  await eventually(() => expect(ran).toHaveLength(MANY + 1), 60_000);
  expect(failures).toEqual([]);
}, 150_000);
