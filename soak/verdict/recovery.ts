/**
 * How long it takes until work goes on, seen in the database:
 *
 *   a process that answers was killed: until the next fact that only such a process can have written
 *   a worker was killed: until it holds none of its jobs any more: another does, or may, or they are done
 *   PostgreSQL went: from when it answers again until both kinds of processes have written something
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { withClient } from '../parts/postgres.ts';

/**
 * Facts of people's requests, and of what was done behind them. A try that failed counts: it was made, though the
 * provider or the disk was away just then.
 */
const BY_REQUESTS = ['SessionCreated', 'UploadAuthorized', 'ChunkReceived', 'UploadCompleted'];
const BY_WORKERS = [
  'WindowTranscribed',
  'ParagraphPolished',
  'RecordingMerged',
  'TranscriptAssembled',
  'EntryPolished',
  'EmotionAnalysed',
  'FeedbackWritten',
  'StepAttemptFailed',
];

const LOOK_MS = 25;
const PATIENCE_MS = 30_000;

/** Jobs whose holder's lock is free: nobody works on them (src/queue/liveness.ts). */
const ABANDONED = `select id::text from graphile_worker._private_jobs as job where locked_by is not null and not exists (
  select 1 from pg_locks where locktype = 'advisory' and objsubid = 1 and granted
    and (classid::bigint << 32 | objid::bigint) = hashtextextended('thankly-worker/' || job.locked_by, 0))`;
const STILL_HELD = `select count(*)::int as held from graphile_worker._private_jobs
  where id::text = any ($1::text[]) and locked_by = any ($2::text[])`;
const NOW = `select pg_snapshot_xmax(pg_current_snapshot())::text as xid`;
const SINCE = 'select distinct type from events where transaction_id >= $1::xid8';

/** Milliseconds; null when nothing was asked of it meanwhile (30 s). */
export function requestsGoOn(connectionString: string): Promise<number | null> {
  return withClient(connectionString, (client) => writtenWithin(client, [BY_REQUESTS]));
}

export function bothGoOn(connectionString: string): Promise<number | null> {
  return withClient(connectionString, (client) => writtenWithin(client, [BY_REQUESTS, BY_WORKERS]));
}

/** Milliseconds, from just after the kill; null when the killed one held nothing. */
export function jobsTakenOver(connectionString: string): Promise<number | null> {
  return withClient(connectionString, async (client) => {
    const since = performance.now();
    const { rows } = await client.query<{ id: string }>(ABANDONED);
    const ids = rows.map(({ id }) => id);
    if (ids.length === 0) return null;
    const holders = await client.query<{ holder: string }>(
      'select distinct locked_by as holder from graphile_worker._private_jobs where id::text = any ($1::text[])',
      [ids],
    );
    const dead = holders.rows.map(({ holder }) => holder);
    while (performance.now() - since < PATIENCE_MS) {
      const { rows: still } = await client.query<{ held: number }>(STILL_HELD, [ids, dead]);
      if (still[0]?.held === 0) break;
      await delay(LOOK_MS);
    }
    return performance.now() - since;
  });
}

async function writtenWithin(
  client: pg.Client,
  kinds: readonly (readonly string[])[],
): Promise<number | null> {
  const since = performance.now();
  const { rows } = await client.query<{ xid: string }>(NOW);
  const xid = rows[0]?.xid ?? '0';
  while (performance.now() - since < PATIENCE_MS) {
    const { rows: written } = await client.query<{ type: string }>(SINCE, [xid]);
    const types = new Set(written.map(({ type }) => type));
    if (kinds.every((kind) => kind.some((type) => types.has(type)))) return performance.now() - since;
    await delay(LOOK_MS);
  }
  return null;
}
