/** PostgreSQL as a part of its own: the embedded one, whose guard starts it again after a kill. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { type EmbeddedPostgresServer, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { connectionOptions } from '../../src/database/pool.ts';
import { eventually } from '../../test/support/eventually.ts';
import { pick } from '../draws.ts';
import type { Kill, Part } from './part.ts';

export interface Postgres extends Part {
  /** Holds the password: not for logs. */
  readonly connectionString: string;
}

/** How it ends: the server at once, one of its backends (which makes it recover), or in good order. */
const WAYS = [
  { what: 'postgres, kill -9 of the server', signal: 'SIGKILL' },
  { what: 'postgres, kill -9 of a backend', signal: null },
  { what: 'postgres, restarted', signal: 'SIGINT' },
] as const;

const LOOK_MS = 50;
const BACK_MS = 120_000;

/** @param onProgress one line for a person */
export async function startPostgres(dataDir: string, onProgress: (line: string) => void): Promise<Postgres> {
  const server: EmbeddedPostgresServer = await startEmbeddedPostgres(dataDir, onProgress);
  const { connectionString } = server;
  return {
    name: 'postgres',
    connectionString,
    async kill(random, onGone): Promise<Kill> {
      const { what, signal } = pick(random, WAYS);
      const since = performance.now();
      let before = 0;
      // Its file names nobody between two servers; on a busy machine a connection may take longer than it is given.
      await eventually(() => {
        if (signal === null) return killBackend(connectionString);
        before = postmasterOf(dataDir);
        process.kill(before, signal);
        return undefined;
      }, BACK_MS);
      onGone();
      await answersAgain(connectionString, signal === null ? null : () => isAnother(dataDir, before));
      return { what, awayMs: performance.now() - since };
    },
    stop: () => server.stop(),
  };
}

/** "Line 1: postmaster PID" (PostgreSQL's documentation of postmaster.pid). @throws Error between two servers */
function postmasterOf(dataDir: string): number {
  const pid = Number(readFileSync(join(dataDir, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
  if (!(pid > 1)) throw new Error('postmaster.pid names no process'); // kill(0) would be ourselves
  return pid;
}

function isAnother(dataDir: string, before: number): boolean {
  try {
    return postmasterOf(dataDir) !== before;
  } catch {
    return false;
  }
}

async function killBackend(connectionString: string): Promise<void> {
  await withClient(connectionString, async (client) => {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    if (rows[0] !== undefined) process.kill(rows[0].pid, 'SIGKILL');
    await delay(LOOK_MS);
  });
}

/** @param isNext whether it is the next server by now; null: it is the same one */
async function answersAgain(connectionString: string, isNext: (() => boolean) | null): Promise<void> {
  const giveUpAt = performance.now() + BACK_MS;
  for (;;) {
    const answers = await withClient(connectionString, (client) => client.query('select 1')).then(
      () => true,
      () => false,
    );
    if (answers && (isNext === null || isNext())) return;
    if (performance.now() > giveUpAt) throw new Error(`PostgreSQL did not come back in ${BACK_MS / 1000} s`);
    await delay(LOOK_MS);
  }
}

/** One connection, for `work` only. */
export async function withClient<Result>(
  connectionString: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client(connectionOptions({ connectionString, name: 'thankly-soak' }));
  client.on('error', () => undefined); // its query fails, and that is enough
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
