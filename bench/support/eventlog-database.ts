/** A real, durable PostgreSQL for one bench run, and databases on it. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import type { NewEvent } from '../../src/eventlog/event-log.ts';

export type BenchServer = {
  /** A migrated database of its own. */
  database(): Promise<string>;
  stop(): Promise<void>;
};

export async function startBenchServer(): Promise<BenchServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'thankly-bench-'));
  const server = await startEmbeddedPostgres(dataDir);
  return {
    async database() {
      const name = `bench_${randomUUID().replaceAll('-', '')}`;
      await execute(server.connectionString, [`create database ${name}`]);
      const url = new URL(server.connectionString);
      url.pathname = `/${name}`;
      await migrate(url.href);
      return url.href;
    },
    async stop() {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function execute(connectionString: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

const FILL = `insert into events (stream, version, type, data, metadata)
  select 'recording-' || md5($1 || stream), version - 1, types[version], data[version]::json, metadata[version]::json
  from (select $2::text[] as types, $3::text[] as data, $4::text[] as metadata) as session,
    generate_series($5::int, $6::int) as stream, generate_series(1, $7::int) as version`;
const STREAMS_AT_ONCE = 2_500;

/** Fills the log with streams that hold these events each; resolves to the streams' names. */
export async function fill(
  connectionString: string,
  streams: number,
  events: readonly NewEvent[],
): Promise<string[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    for (let from = 1; from <= streams; from += STREAMS_AT_ONCE) {
      await client.query(FILL, [
        'seed',
        events.map(({ type }) => type),
        events.map(({ data }) => JSON.stringify(data)),
        events.map(({ metadata }) => JSON.stringify(metadata)),
        from,
        Math.min(streams, from + STREAMS_AT_ONCE - 1),
        events.length,
      ]);
    }
    await client.query('vacuum analyze events');
    const { rows } = await client.query<{ stream: string }>('select stream from events where version = 0');
    return rows.map(({ stream }) => stream);
  } finally {
    await client.end();
  }
}
