import type pg from 'pg';
import { withDatabase } from '../database.ts';
import type { Fault, Target } from '../fault.ts';
import { readyWithin } from '../ready.ts';

const BACK_MS = 60_000;

/**
 * "The postmaster … will … terminate all other sessions and reset shared memory" when a backend dies (PostgreSQL,
 * restart_after_crash): a crash recovery for the price of one process. What is killed is the backend of a connection of
 * our own. A database on another machine cannot be killed so; there all sessions but ours are ended.
 */
export const dbRestart: Fault = {
  name: 'db-restart',
  title: 'PostgreSQL crashes once and recovers: every connection of the application breaks.',
  alerts: [],
  panels: [
    { dashboard: 'storage-and-log', title: 'Appends' },
    { dashboard: 'storage-and-log', title: 'Behind, in seconds' },
  ],
  console: '/console/consumers',
  runbook: 'DispatcherLag',
  forSeconds: 60,
  traffic: ['--chunked-wait', '1', '--single-wait', '2'],
  warmUpSeconds: 10,
  healed:
    'It is ready again within seconds, consumers have their leads back a second later, and every recording of the traffic ends as it was meant to.',
  check: (target) =>
    withDatabase(target, async () =>
      isEmbedded(target)
        ? 'kills one backend of the embedded PostgreSQL with SIGKILL'
        : 'ends all other sessions of the database (pg_terminate_backend)',
    ),
  begin: async (target) => {
    const what = await withDatabase(target, isEmbedded(target) ? crash : endSessions);
    target.note(what);
  },
  end: async ({ url, note }) => {
    if (!(await readyWithin(url, BACK_MS)))
      throw new Error(`the application is still not ready after ${BACK_MS / 1000} s`);
    note('the application is ready');
  },
};

const isEmbedded = ({ databaseUrl }: Target) => databaseUrl === undefined;

async function crash(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  const [{ pid }] = rows as [{ pid: number }];
  process.kill(pid, 'SIGKILL');
  return `killed backend ${pid}: PostgreSQL recovers`;
}

const END_SESSIONS = `select count(pg_terminate_backend(pid))::int as ended from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

async function endSessions(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ ended: number }>(END_SESSIONS);
  return `ended ${rows[0]?.ended ?? 0} sessions of the database`;
}
