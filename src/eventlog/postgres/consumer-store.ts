/**
 * Checkpoints and dead letters in PostgreSQL; the lead is an advisory lock of the connection that writes: the consumer's,
 * alone, for all of it; the consumer's, shared, and the partition's for a part.
 */
import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { connectionOptions, VANISHED_IS_NOTICED } from '../../database/pool.ts';
import type { ConsumerStore, Lead, ParkedStream } from '../consumer-store.ts';
import { lowest } from '../layout.ts';
import type { LogIndex } from '../log-index.ts';
import { WHOLE } from '../partition.ts';
import { isConnectionTrouble } from './connection-trouble.ts';
import { leadOf } from './lead.ts';
import { postgresLogIndex } from './log-index.ts';
import { joinPartitions } from './membership.ts';
import { checkpointsOf, layOut, readLayout } from './recorded-layout.ts';

const TRY_LEAD = `select pg_try_advisory_lock(hashtextextended('thankly-consumer/' || $1, 0)) as leads`;
/** Free for the moment of asking only: who wants it just then asks again. */
const IS_LED = `select not pg_try_advisory_xact_lock(hashtextextended('thankly-consumer/' || $1, 0)) as "isLed"`;
const ALL_PARKED = `select consumer, stream, version, event_type as "eventType", error_code as "errorCode",
    error_message as "errorMessage", parked_at as "parkedAt", requeued
  from parked_streams where $1::text is null or consumer = $1 order by parked_at, stream`;
const REQUEUE = 'update parked_streams set requeued = true where consumer = $1 and stream = $2';
/** $1: names of checkpoints; whoever leads one holds its lock alone. */
const LED = `select count(*)::int as led from unnest($1::text[]) as name
  where hashtextextended('thankly-consumer/' || name, 0) in (
    select (classid::bigint << 32) | objid::bigint from pg_locks
    where locktype = 'advisory' and objsubid = 1 and granted and mode = 'ExclusiveLock'
      and database = (select oid from pg_database where datname = current_database()))`;

/** A follower asks this often whether the leader is gone. */
const ASK_MS = 500;
/**
 * What is written here can be made again from the log, so commits don't wait for the disk: a crash of the machine may lose
 * the last moments of it, checkpoint and writes together. `thankly.layouts` says that we know of partitions: a node of
 * before them may not move the checkpoint of what is split.
 */
const SESSION = `${VANISHED_IS_NOTICED} -c synchronous_commit=off -c thankly.layouts=known`;

export type ConsumerStoreOptions = {
  readonly connectionString: string;
  /** For reads and requests; each consumer's own transactions have a connection of their own. */
  readonly pool: pg.Pool;
  /** Of the log that is followed; default, the one in the same database. */
  readonly index?: LogIndex;
};

export function postgresConsumerStore({
  connectionString,
  pool,
  index = postgresLogIndex(pool),
}: ConsumerStoreOptions): ConsumerStore {
  const { isBefore } = index;
  /** Tells this node's connections from the others'. */
  const node = randomInt(2 ** 31);

  async function connect(name: string): Promise<pg.Client> {
    const options = connectionOptions({ connectionString, name: `thankly-consumer-${name}`.slice(0, 63) });
    const client = new pg.Client({ ...options, options: SESSION });
    client.on('error', () => undefined); // whatever is asked of it next fails
    await client.connect();
    return client;
  }

  async function leadWhole(client: pg.Client, consumer: string): Promise<Lead> {
    await client.query('begin');
    const { before } = await layOut(client, consumer, WHOLE.of, isBefore);
    await client.query('commit');
    return leadOf(client, { consumer, share: WHOLE, before, isBefore });
  }

  return {
    async lead(name, signal): Promise<Lead | null> {
      const client = await connect(name);
      try {
        while (!signal.aborted) {
          const { rows } = await client.query<{ leads: boolean }>(TRY_LEAD, [name]);
          if (rows[0]?.leads) return await leadWhole(client, name);
          await delay(ASK_MS, undefined, { signal }).catch(() => undefined);
        }
      } catch (error) {
        await client.end().catch(() => undefined);
        throw error;
      }
      await client.end().catch(() => undefined);
      return null;
    },
    async isLed(name) {
      const { rows } = await pool.query<{ isLed: boolean }>(IS_LED, [name]);
      return rows[0]?.isLed ?? false;
    },
    join: (consumer, of) => joinPartitions({ consumer, of, node, connect, isBefore }),
    async partitions(name) {
      const { partitions: of } = await readLayout(pool, name);
      const { rows } = await pool.query<{ led: number }>(LED, [checkpointsOf(name, of)]);
      return { of, led: rows[0]?.led ?? 0 };
    },
    async parked(consumer) {
      const { rows } = await pool.query<Omit<ParkedStream, 'parkedAt'> & { parkedAt: Date }>(ALL_PARKED, [
        consumer ?? null,
      ]);
      return rows.map((row) => ({ ...row, parkedAt: row.parkedAt.toISOString() }));
    },
    async requeue(consumer, stream) {
      const { rowCount } = await pool.query(REQUEUE, [consumer, stream]);
      return rowCount === 1;
    },
    async lag({ name, filter }) {
      const { handledTo } = await readLayout(pool, name);
      return index.lag(lowest(handledTo, isBefore), filter);
    },
    isTransient: isConnectionTrouble,
  };
}
