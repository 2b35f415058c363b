import pg from 'pg';
import { connectionOptions } from '../../database/pool.ts';

const TRY = `select pg_try_advisory_lock(hashtextextended('thankly-events-copy', 0)) as mine`;

/** Nobody else copies this database's log until `end`, or until we die; null when somebody does. */
export async function takeCopyTurn(connectionString: string): Promise<{ end(): Promise<void> } | null> {
  const client = new pg.Client(connectionOptions({ connectionString, name: 'thankly-events-copy' }));
  client.on('error', () => undefined); // two copies at once do no harm: it is only that one is enough
  await client.connect();
  const { rows } = await client.query<{ mine: boolean }>(TRY);
  const end = () => client.end().catch(() => undefined);
  if (rows[0]?.mine) return { end };
  await end();
  return null;
}
