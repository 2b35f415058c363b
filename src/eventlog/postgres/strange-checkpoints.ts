import type { LogIndex } from '../log-index.ts';
import type { Sql } from '../sql.ts';

const CHECKPOINTS = 'select name, position from consumers order by name';

/** Consumers of this database that have followed another log than this: they could not go on. */
export async function strangeCheckpoints(sql: Sql, index: Pick<LogIndex, 'isOwn'>): Promise<string[]> {
  const { rows } = await sql.query<{ name: string; position: string }>(CHECKPOINTS);
  return rows.filter(({ position }) => !index.isOwn(position)).map(({ name }) => name);
}
