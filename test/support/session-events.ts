import type pg from 'pg';

/** What the log holds of a session, in order; a test knows the shapes. */
export async function sessionEvents(
  database: Pick<pg.Pool, 'query'>,
  sessionId: string,
): Promise<{ type: string; data: any }[]> {
  const { rows } = await database.query('select type, data from events where stream = $1 order by version', [
    `recording-${sessionId}`,
  ]);
  return rows;
}
