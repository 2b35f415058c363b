/**
 * Jobs of a dead worker are taken over in seconds. graphile-worker itself waits four hours before it believes that
 * the holder of a job is gone; PostgreSQL knows at once, because a session's advisory locks end with its connection.
 *
 *   alive: this pool's own connection holds the advisory lock of its pool id.
 *   connection lost: the lock is gone; we connect again and take it again, as soon as PostgreSQL has noticed the end of the
 *     old connection. In between others may run our jobs a second time, which the event log makes harmless.
 *   dead (kill −9; some 12 s after power or network went): the lock is gone for good; every live node looks for jobs
 *     whose holder's lock is free and unlocks them.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions, VANISHED_IS_NOTICED } from '../database/pool.ts';

export type LivenessOptions = {
  readonly connectionString: string;
  readonly poolId: string;
  readonly intervalMs: number;
  readonly onTakeover: (poolIds: readonly string[]) => void;
  readonly onError: (error: unknown) => void;
};

export interface Liveness {
  stop(): Promise<void>;
}

const LOCK = `select pg_try_advisory_lock(hashtextextended('thankly-worker/' || $1, 0)) as locked`;
/** A holder that has just started may have taken a job before its lock; it is given this long. */
const GRACE = `interval '2 seconds'`;
const HOLDERS = `select distinct locked_by as holder from graphile_worker._private_jobs
  where locked_by is not null and locked_by <> $1 and locked_at < now() - ${GRACE}`;
/** Try-lock tells whether the holder lives; what was locked by trying is released at once. */
const IS_DEAD = `select case when pg_try_advisory_lock(hashtextextended('thankly-worker/' || $1, 0))
  then pg_advisory_unlock(hashtextextended('thankly-worker/' || $1, 0)) else false end as dead`;
const UNLOCK = 'select graphile_worker.force_unlock_workers($1::text[])';

/** Resolves once this pool's lock is held; then keeps it and looks after the others' jobs until stopped. */
export async function startLiveness(options: LivenessOptions): Promise<Liveness> {
  const stopped = new AbortController();
  const pause = () => delay(options.intervalMs, undefined, { signal: stopped.signal }).catch(() => undefined);

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({
      ...connectionOptions({ connectionString: options.connectionString, name: 'thankly-liveness' }),
      options: VANISHED_IS_NOTICED,
    });
    client.on('error', options.onError); // the next query fails and reconnects
    await client.connect();
    return client;
  }

  /** False while a connection of ours that was lost still has it. */
  async function lock(client: pg.Client): Promise<boolean> {
    const { rows } = await client.query<{ locked: boolean }>(LOCK, [options.poolId]);
    return rows[0]?.locked ?? false;
  }

  async function takeOver(client: pg.Client): Promise<void> {
    const { rows } = await client.query<{ holder: string }>(HOLDERS, [options.poolId]);
    const dead: string[] = [];
    for (const { holder } of rows) {
      const answer = await client.query<{ dead: boolean }>(IS_DEAD, [holder]);
      if (answer.rows[0]?.dead) dead.push(holder);
    }
    if (dead.length === 0) return;
    await client.query(UNLOCK, [dead]);
    options.onTakeover(dead);
  }

  let client: pg.Client | null = await connect();
  let isLocked = false;
  try {
    isLocked = await lock(client);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        client ??= await connect();
        if (!isLocked) isLocked = await lock(client);
        await takeOver(client);
      } catch (error) {
        options.onError(error);
        await client?.end().catch(() => undefined);
        client = null;
        isLocked = false;
      }
      await pause();
    }
    await client?.end().catch(() => undefined);
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
