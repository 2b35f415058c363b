import type { LogIndex } from '../log-index.ts';
import type { Sql } from '../sql.ts';

/** Those of layouts of before, too: they are compared with what is read (`layout.ts`). */
const CHECKPOINTS = `select name, position from consumers
  union all
  select consumer, position from consumer_layouts, json_array_elements(before) as layer,
    json_array_elements_text(layer -> 'handledTo') as position
  where position is not null
  order by name`;

/** Consumers of this database that have followed another log than this: they could not go on. */
export async function strangeCheckpoints(sql: Sql, index: Pick<LogIndex, 'isOwn'>): Promise<string[]> {
  const { rows } = await sql.query<{ name: string; position: string }>(CHECKPOINTS);
  return [...new Set(rows.filter(({ position }) => !index.isOwn(position)).map(({ name }) => name))];
}
