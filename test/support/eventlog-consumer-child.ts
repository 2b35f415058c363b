/**
 * A node with one consumer, to be killed: it writes each event into the table `handled`. With `hang` it stops between
 * its writes and its checkpoint, in the open transaction, and says so. Arguments: connection string, `hang` or `run`, and
 * in how many partitions (1).
 */
import { createPool } from '../../src/database/pool.ts';
import { startConsumer } from '../../src/eventlog/consumer.ts';
import { postgresConsumerStore } from '../../src/eventlog/postgres/consumer-store.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';

const [connectionString = '', mode, partitions = '1'] = process.argv.slice(2);
const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);
const log = createPostgresEventLog({ connectionString, onError });
const pool = createPool({ connectionString, name: 'child', max: 2, onError });

startConsumer(
  {
    name: 'killed',
    filter: { streamPrefix: 's-' },
    isByStream: true,
    handle: async (events) => async (transaction) => {
      for (const { stream, version } of events)
        await transaction.query('insert into handled (stream, version) values ($1, $2)', [stream, version]);
      if (mode === 'hang') {
        process.stdout.write('written\n');
        await new Promise(() => setInterval(() => undefined, 1_000));
      }
    },
  },
  { log, store: postgresConsumerStore({ connectionString, pool }), onError, partitions: Number(partitions) },
);
process.stdout.write('started\n');
