/**
 * A copy of a running cluster's files, as PostgreSQL's manual has it ("Making a Base Backup Using the Low Level API"):
 *
 *   slot made (WAL is kept) ─▶ backup started ─▶ files copied ─▶ backup stopped ─▶ label written, WAL copied
 *
 * Nobody is held up meanwhile; the copy is as of the moment when it was stopped, and recovers to it at its first start.
 * Whole clusters only: transaction ids, and with them positions in the log, are as they were.
 */
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

/** What "must not be copied" or "is recreated at start", by name of file, or folder of which only the folder is kept. */
const LEFT_OUT =
  /^(postmaster\.(pid|opts)|backup_label(\.old)?|tablespace_map(\.old)?|pg_internal\.init|pgsql_tmp.*)$/;
const ONLY_FOLDER = new Set([
  'pg_wal',
  'pg_replslot',
  'pg_dynshmem',
  'pg_notify',
  'pg_serial',
  'pg_snapshots',
  'pg_stat_tmp',
  'pg_subtrans',
]);
const WAL_FOLDERS = ['archive_status', 'summaries'];
const WAL_FILE = /^([0-9A-F]{24}|[0-9A-F]{8}\.history)$/;

/** A checkpoint of all that is in memory. */
const TIMEOUT_MS = 5 * 60_000;

const KEEP_WAL = `select pg_create_physical_replication_slot('thankly_backup_' || pg_backend_pid(), true, true)`;
const START = `select pg_walfile_name(pg_backup_start('thankly', fast => true)) as first`;
const STOP = `select pg_walfile_name(lsn) as last, labelfile as label from pg_backup_stop(wait_for_archive => false)`;

/** @param target a folder that is made here */
export async function baseBackup(
  connectionString: string,
  databaseDir: string,
  target: string,
): Promise<void> {
  const client = new pg.Client({
    connectionString,
    application_name: 'thankly-backup',
    connectionTimeoutMillis: 5_000,
    statement_timeout: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  client.on('error', () => undefined); // what is asked of it next fails
  await client.connect();
  try {
    await client.query(KEEP_WAL);
    const { first } = (await client.query<{ first: string }>(START)).rows[0] ?? { first: '' };
    await copyCluster(databaseDir, target);
    const stopped = (await client.query<{ last: string; label: string }>(STOP)).rows[0];
    if (stopped === undefined) throw new Error('PostgreSQL did not end the backup');
    await writeFile(join(target, 'backup_label'), stopped.label, { mode: 0o600 });
    await copyWal(join(databaseDir, 'pg_wal'), join(target, 'pg_wal'), first, stopped.last);
  } finally {
    await client.end(); // and with it the slot, and a backup that was not stopped
  }
}

async function copyCluster(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true, mode: 0o700 });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    if (LEFT_OUT.test(entry.name)) continue;
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!entry.isDirectory()) await copyWhatIsThere(source, target);
    else if (ONLY_FOLDER.has(entry.name)) await mkdir(target, { mode: 0o700 });
    else await copyCluster(source, target);
  }
}

async function copyWal(from: string, to: string, first: string, last: string): Promise<void> {
  for (const folder of WAL_FOLDERS) await mkdir(join(to, folder), { recursive: true, mode: 0o700 });
  for (const name of await readdir(from)) {
    const isWanted = WAL_FILE.test(name) && (name.endsWith('.history') || (name >= first && name <= last));
    if (isWanted) await copyWhatIsThere(join(from, name), join(to, name));
  }
}

/** A table that is dropped meanwhile is gone from the copy too, by the WAL. */
async function copyWhatIsThere(from: string, to: string): Promise<void> {
  await copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
