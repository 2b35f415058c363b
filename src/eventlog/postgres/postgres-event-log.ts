/**
 * The event log on PostgreSQL. Migration 0001 tells how commit order is kept, `append-queue.ts` how appends are grouped,
 * `subscription.ts` how it is followed; the `.sql` files are what is sent.
 */
import { createPool } from '../../database/pool.ts';
import { type EventLog, EventLogUnavailable } from '../event-log.ts';
import { type PreparedAppend, prepareAppend } from '../prepare-append.ts';
import { AppendQueue } from './append-queue.ts';
import { type StoredEvent, toRecordedEvent } from './stored-event.ts';
import { readHead, subscription } from './subscription.ts';
import { WakeUp } from './wake-up.ts';
import { writeBatch } from './write-batch.ts';

const READ_STREAM = `select version, transaction_id::text as transaction, sequence::text as sequence, type, data, metadata,
    (recorded_at at time zone 'UTC')::text as recorded_at
  from events where stream = $1 and version >= $2 order by version`;

/** Measured with `bench/eventlog.ts`: the second batch is parsed and sent while the first waits for the disk. */
const LANES = 2;
const QUEUE = {
  lanes: LANES,
  maxBatch: 256,
  maxBatchBytes: 4 * 1024 * 1024,
  maxWaiting: 10_000,
  maxWaitingBytes: 64 * 1024 * 1024,
};
const READERS = 8;

export type PostgresEventLogOptions = {
  readonly connectionString: string;
  /** Told of what it recovers from by itself: a connection lost, a page not read. */
  readonly onError: (error: unknown) => void;
  /** Told how many appends go into each transaction: for metrics. */
  readonly onGroup?: (appends: number) => void;
};

/** The tables must be there (`migrate`). Connects when it is first used. */
export function createPostgresEventLog({
  connectionString,
  onError,
  onGroup,
}: PostgresEventLogOptions): EventLog {
  const writers = createPool({ connectionString, name: 'thankly-append', max: LANES, onError });
  const readers = createPool({ connectionString, name: 'thankly-read', max: READERS, onError });
  const write = (batch: readonly PreparedAppend[]) => {
    onGroup?.(batch.length);
    return writeBatch(writers, batch);
  };
  const queue = new AppendQueue({ ...QUEUE, write });
  const closed = new AbortController();
  let wakeUp: WakeUp | null = null;

  return {
    async append(stream, expected, events) {
      const prepared = prepareAppend(stream, expected, events);
      if (closed.signal.aborted) throw new EventLogUnavailable('the event log is closed');
      return queue.append(prepared);
    },
    async read(stream, fromVersion = 0) {
      try {
        const { rows } = await readers.query<Omit<StoredEvent, 'stream'>>({
          name: 'read-stream',
          text: READ_STREAM,
          values: [stream, fromVersion],
        });
        return rows.map((row) => toRecordedEvent({ ...row, stream }));
      } catch (error) {
        throw new EventLogUnavailable('the event log could not be read', { cause: error });
      }
    },
    subscribe(options) {
      wakeUp ??= new WakeUp(connectionString, onError);
      const signal = AbortSignal.any([options.signal, closed.signal]);
      return subscription({ ...options, signal }, { sql: readers, wakeUp, onError });
    },
    head: () => readHead(readers),
    async close() {
      closed.abort();
      await queue.drained();
      await wakeUp?.close();
      await Promise.all([writers.end(), readers.end()]);
    },
  };
}
