import { eventLogConformance } from '../../src/eventlog/conformance.ts';
import { createPostgresEventLog } from '../../src/eventlog/postgres/postgres-event-log.ts';
import { createTestDatabase } from '../support/database.ts';

eventLogConformance('PostgreSQL', async () => {
  const database = await createTestDatabase();
  const make = () =>
    createPostgresEventLog({
      connectionString: database.connectionString,
      onError: (error) => process.stderr.write(`${String(error)}\n`),
    });
  return { log: make(), second: make, dispose: database.drop };
});
