/** Which streams there are: for those who walk all of them, a page at a time. */
import type { Sql } from '../sql.ts';

const AFTER = `select stream from events
  where version = 0 and starts_with(stream, $1) and ($2::text is null or stream > $2)
    and ($3::timestamptz is null or recorded_at >= $3)
  order by stream limit $4`;
const THERE = 'select stream from events where stream = any ($1::text[]) and version = 0';

/** In the database's order of names, up to `limit` after `after`; with `since` those begun from then on. */
export async function streamsAfter(
  sql: Sql,
  prefix: string,
  {
    after,
    since,
    limit,
  }: { readonly after: string | null; readonly since: string | null; readonly limit: number },
): Promise<string[]> {
  const { rows } = await sql.query<{ stream: string }>(AFTER, [prefix, after, since, limit]);
  return rows.map(({ stream }) => stream);
}

/** Those of these that there are. */
export async function existingStreams(sql: Sql, streams: readonly string[]): Promise<string[]> {
  const { rows } = await sql.query<{ stream: string }>(THERE, [streams]);
  return rows.map(({ stream }) => stream);
}
