/** What the servers made of the uploads, from their logs. */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

const DEADLINE_MS = 60_000;

export type Expected = { readonly sessionId: string; readonly sha256: string };

/** The sessions whose merged recording is what was recorded, byte for byte. Waits until all are merged, or a minute. */
export async function wholeSessions(database: pg.Pool, expected: readonly Expected[]): Promise<Set<string>> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const { rows } = await database.query<{ stream: string; sha256: string }>(
      `select stream, data->>'sha256' as sha256 from events where type = 'RecordingMerged' and stream = any ($1)`,
      [expected.map(({ sessionId }) => `recording-${sessionId}`)],
    );
    if (rows.length >= expected.length || Date.now() > deadline) {
      const merged = new Set(rows.map(({ stream, sha256 }) => `${stream} ${sha256}`));
      return new Set(
        expected
          .filter(({ sessionId, sha256 }) => merged.has(`recording-${sessionId} ${sha256}`))
          .map(({ sessionId }) => sessionId),
      );
    }
    await delay(100);
  }
}
