/** What PostgreSQL counts of a database of its own: transactions, rows, log ahead, and how large its tables are. */
import type pg from 'pg';

export type DatabaseCounters = {
  readonly transactions: number;
  /** Inserted, updated and deleted, in all tables. */
  readonly rowsWritten: number;
  /** The write-ahead log, full-page images included. */
  readonly walBytes: number;
  readonly walFlushes: number;
  readonly events: number;
  /** The log's table with its indexes. */
  readonly logBytes: number;
  readonly viewRows: number;
  readonly viewBytes: number;
};

/** `numbackends` and the like are left out: only what grows. Sizes grow by whole pages of 8 kB. */
const COUNTERS = `select
  (select xact_commit from pg_stat_database where datname = current_database())::float8 as transactions,
  (select sum(n_tup_ins + n_tup_upd + n_tup_del) from pg_stat_user_tables)::float8 as "rowsWritten",
  pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 as "walBytes",
  (select coalesce(sum(fsyncs), 0) from pg_stat_io where object = 'wal')::float8 as "walFlushes",
  (select count(*) from events)::float8 as events,
  pg_total_relation_size('events')::float8 as "logBytes",
  (select count(*) from projections.entries) + (select count(*) from projections.session_list)
    + (select count(*) from projections.experiment_sessions)::float8 as "viewRows",
  (select sum(pg_total_relation_size(relid)) from pg_stat_user_tables where schemaname = 'projections')::float8 as "viewBytes"`;

export async function databaseCounters(database: pg.Pool): Promise<DatabaseCounters> {
  const { rows } = await database.query(COUNTERS);
  return rows[0];
}

/** A connection that falls idle hands in its counters after ten seconds (PGSTAT_IDLE_INTERVAL in pgstat.c). */
export const COUNTERS_SETTLE_MS = 11_500;
