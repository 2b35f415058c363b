/** Jobs of a dead worker are taken over in seconds, those of a living one are left alone. */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { createPool } from '../../src/database/pool.ts';
import { enqueueAll, stepJob } from '../../src/queue/jobs.ts';
import { startLiveness } from '../../src/queue/liveness.ts';
import { migrateQueue, startWorker, type Worker } from '../../src/queue/worker.ts';
import type { StepRun } from '../../src/steps/run-step.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';

const DEAD = '11111111-1111-4111-8111-111111111111';
const ALIVE = '22222222-2222-4222-8222-222222222222';

let database: TestDatabase;
let pool: pg.Pool;
let holder: pg.Client;
let worker: Worker | undefined;
const ran: StepRun[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  const { connectionString } = database;
  pool = createPool({ connectionString, name: 'test', max: 8, onError: () => undefined });
  holder = new pg.Client({ connectionString });
  await holder.connect();
  await migrateQueue(pool);
});
afterAll(async () => {
  await worker?.stop();
  await holder?.end();
  await pool?.end();
  await database?.drop();
});

const merge = { step: 'merge', generation: 0, attempt: 1 } as const;

/** Enqueued, and locked as if a worker pool of that name had begun it a while ago. */
async function lockedJob(sessionId: string, poolId: string): Promise<void> {
  await enqueueAll(pool, [stepJob(sessionId, merge)]);
  await pool.query(
    `update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - interval '1 minute'
     where key = $2`,
    [poolId, `${sessionId}/merge/0/1`],
  );
}

describe('a worker', () => {
  it('takes over what a dead one held, and leaves a living one its job', async () => {
    await lockedJob(DEAD, 'pool-dead');
    await lockedJob(ALIVE, 'pool-alive');
    // Being alive is holding the lock of one's pool on an open connection.
    await holder.query(`select pg_advisory_lock(hashtextextended('thankly-worker/pool-alive', 0))`);
    const logged: string[] = [];
    worker = await startWorker({
      pool,
      connectionString: database.connectionString,
      concurrency: 2,
      runStep: async (run) => ran.push(run),
      passDeadline: async () => undefined,
      eraseObjects: async () => undefined,
      enforceRetention: async () => undefined,
      erasePerson: async () => undefined,
      log: (_level, message) => logged.push(message),
    });
    await eventually(() => expect(ran).toEqual([{ sessionId: DEAD, ...merge }]));
    expect(logged.join()).toContain('took over the jobs of 1 dead worker(s): pool-dead');
    // Its connection ends: from then on it is dead, too.
    await holder.end();
    await eventually(() => expect(ran.map(({ sessionId }) => sessionId)).toEqual([DEAD, ALIVE]));
  });

  it('runs a job once that is enqueued many times', async () => {
    const job = stepJob('33333333-3333-4333-8333-333333333333', {
      ...merge,
      notBefore: new Date(Date.now() + 500).toISOString(),
    });
    await Promise.all(Array.from({ length: 10 }, () => enqueueAll(pool, [job, job])));
    const { rows } = await pool.query(
      `select count(*)::int as jobs from graphile_worker._private_jobs where key like '3333%'`,
    );
    expect(rows).toEqual([{ jobs: 1 }]);
    await eventually(() =>
      expect(ran.filter(({ sessionId }) => sessionId.startsWith('3333'))).toHaveLength(1),
    );
  });
});

describe('a worker’s sign of life', () => {
  const signOfLife = (connectionString: string) =>
    startLiveness({
      connectionString,
      poolId: 'pool-back',
      intervalMs: 20,
      onTakeover: () => undefined,
      onError: () => undefined,
    });
  const LOCK_KEY = `hashtextextended('thankly-worker/pool-back', 0)`;
  const isFree = async () => {
    const { rows } = await pool.query(`select pg_try_advisory_xact_lock(${LOCK_KEY}) as free`);
    return rows[0].free;
  };

  it('is there again once PostgreSQL has noticed the end of the connection that was lost', async () => {
    // Not the worker's connection any more, and not yet given up by PostgreSQL.
    const lost = new pg.Client({ connectionString: database.connectionString });
    await lost.connect();
    await lost.query(`select pg_advisory_lock(${LOCK_KEY})`);
    const liveness = await signOfLife(database.connectionString);
    try {
      await lost.end();
      await eventually(async () => expect(await isFree()).toBe(false));
    } finally {
      await liveness.stop();
    }
    expect(await isFree()).toBe(true);
  });

  it('ends some seconds after its machine has vanished: it asks PostgreSQL to look', async () => {
    const { promise: said, resolve: hear } = Promise.withResolvers<string>();
    const server = createServer((socket) => {
      socket.once('data', (startup) => {
        hear(startup.toString('utf8'));
        socket.destroy();
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      await expect(signOfLife(`postgres://me@127.0.0.1:${port}/voice`)).rejects.toThrow();
      expect(await said).toContain(
        '-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3',
      );
    } finally {
      server.close();
    }
  });
});
