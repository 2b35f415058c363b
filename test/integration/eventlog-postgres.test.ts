import { createPool } from '../../src/database/pool.ts';
import { eventLogConformance } from '../../src/eventlog/conformance.ts';
import { logIndexConformance } from '../../src/eventlog/log-index-conformance.ts';
import { postgresLogIndex } from '../../src/eventlog/postgres/log-index.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { createTestDatabase } from '../support/database.ts';

const onError = (error: unknown) => process.stderr.write(`${String(error)}\n`);

eventLogConformance('PostgreSQL', async () => {
  const { connectionString, drop } = await createTestDatabase();
  const make = () => createPostgresEventLog({ connectionString, onError });
  return { log: make(), second: make, dispose: drop };
});

logIndexConformance('PostgreSQL', async () => {
  const { connectionString, drop } = await createTestDatabase();
  const pool = createPool({ connectionString, name: 'test', max: 2, onError });
  return {
    log: createPostgresEventLog({ connectionString, onError }),
    index: postgresLogIndex(pool),
    async dispose() {
      await pool.end();
      await drop();
    },
  };
});
