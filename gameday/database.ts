/** The database of the running application: the one that DATABASE_URL names, else the one under DATA_DIR. */
import pg from 'pg';
import { runningEmbedded } from '../src/database/embedded.ts';
import { connectionOptions } from '../src/database/pool.ts';
import { CannotBegin, type Target } from './fault.ts';

/** Holds the password: not for logs. @throws CannotBegin */
export function connectionStringOf({ databaseUrl, dataDir }: Target): string {
  const connectionString = databaseUrl ?? runningEmbedded(dataDir);
  if (connectionString === null) {
    throw new CannotBegin(
      'no_database',
      `no database runs under ${dataDir}: give --data-dir, or set DATABASE_URL to what the application has`,
    );
  }
  return connectionString;
}

/** One connection, for `work` only. @throws CannotBegin when it cannot be made; its message has no password */
export async function withDatabase<Result>(
  target: Target,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const connectionString = connectionStringOf(target);
  const client = new pg.Client(connectionOptions({ connectionString, name: 'thankly-gameday' }));
  client.on('error', () => undefined); // its query fails, and that is enough
  try {
    await client.connect();
  } catch (error) {
    const { code = 'no answer' } = error as { readonly code?: string };
    throw new CannotBegin('no_database', `the database cannot be reached (${code})`);
  }
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
