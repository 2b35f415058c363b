/** A node with one consumer in partitions, on connections of its own; it writes each event into the table `handled`. */
import { createPool } from '../../src/database/pool.ts';
import { type Consumer, startConsumer } from '../../src/eventlog/consumer.ts';
import type { ConsumerStore } from '../../src/eventlog/consumer-store.ts';
import type { EventLog, RecordedEvent } from '../../src/eventlog/event-log.ts';
import type { LogIndex } from '../../src/eventlog/log-index.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';

export const HANDLED = 'create table handled (place serial, stream text, version int, node text)';
export const CONSUMER = { name: 'parts', filter: { streamPrefix: 's-' } };

export type PartitionNode = {
  readonly store: ConsumerStore;
  /** What went wrong. */
  readonly errors: string[];
  stop(): Promise<void>;
};

export type PartitionNodeOptions = {
  readonly connectionString: string;
  readonly log: EventLog;
  readonly index: LogIndex;
  readonly name: string;
  readonly partitions: number;
  /** Asked of each event before it is handled; may take its time. */
  readonly before?: (event: RecordedEvent) => void | Promise<void>;
};

export function startPartitionNode(options: PartitionNodeOptions): PartitionNode {
  const { connectionString, log, index, name, partitions, before } = options;
  const errors: string[] = [];
  const onError = (error: unknown, what = 'a connection') => errors.push(`${what}: ${String(error)}`);
  const pool = createPool({ connectionString, name: 'test-node', max: 2, onError });
  const store = postgresConsumerStore({ connectionString, pool, index });
  const consumer: Consumer = startConsumer(
    {
      ...CONSUMER,
      isByStream: true,
      handle: async (events) => {
        for (const event of events) await before?.(event);
        return async (transaction) => {
          for (const { stream, version } of events)
            await transaction.query('insert into handled (stream, version, node) values ($1, $2, $3)', [
              stream,
              version,
              name,
            ]);
        };
      },
    },
    { log, store, partitions, retryDelaysMs: [1, 5], onError },
  );
  return {
    store,
    errors,
    async stop() {
      await consumer.stop();
      await pool.end();
    },
  };
}
