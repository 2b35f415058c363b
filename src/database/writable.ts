import type { Sql } from '../eventlog/sql.ts';

const IS_READ_ONLY = `select current_setting('transaction_read_only') = 'on' as "isReadOnly"`;

/** It answers, and takes no writes: a standby, or one that was made read-only. */
export class DatabaseReadOnly extends Error {
  readonly code = 'database_read_only';
  constructor() {
    super('DATABASE_URL: the database there can only be read (a standby, or default_transaction_read_only)');
    this.name = 'DatabaseReadOnly';
  }
}

/** @throws DatabaseReadOnly, and what the connection throws */
export async function requireWritable(sql: Sql): Promise<void> {
  const { rows } = await sql.query<{ isReadOnly: boolean }>(IS_READ_ONLY);
  if (rows[0]?.isReadOnly) throw new DatabaseReadOnly();
}
