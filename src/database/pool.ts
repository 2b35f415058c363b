import pg from 'pg';

export type PoolOptions = {
  readonly connectionString: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly max: number;
  /**
   * Commits don't wait for the disk. Only for what can be derived from the log again (jobs, checkpoints): a crash of
   * the machine may lose the last moments of it, never a part of one transaction.
   */
  readonly asynchronousCommit?: boolean;
  readonly onError: (error: unknown) => void;
};

const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 15_000;
const IDLE_TRANSACTION_TIMEOUT_MS = 20_000;
const IDLE_TIMEOUT_MS = 30_000;

/**
 * For connections whose advisory lock says that a node lives: PostgreSQL notices after some 12 s that a machine has vanished
 * with no goodbye, and gives up its locks (by default it would take the kernel hours). As `options` of the connection.
 */
export const VANISHED_IS_NOTICED = [
  'tcp_keepalives_idle=5',
  'tcp_keepalives_interval=2',
  'tcp_keepalives_count=3',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export function connectionOptions({
  connectionString,
  name,
}: Pick<PoolOptions, 'connectionString' | 'name'>): pg.ClientConfig {
  return {
    connectionString,
    application_name: name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    // A transaction left open holds back everybody who follows the log.
    idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
    // A server that is gone without a word: the query must not wait for ever.
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    keepAlive: true,
  };
}

/** A bounded pool; every statement has a time-out. An idle connection that breaks is reported and replaced. */
export function createPool(options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    ...connectionOptions(options),
    max: options.max,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    ...(options.asynchronousCommit ? { options: '-c synchronous_commit=off' } : {}),
  });
  pool.on('error', (error) => {
    // It comes with the whole client, whose 5,000 characters nobody wants in a line of the log.
    Reflect.deleteProperty(error, 'client');
    if (!pool.ending) options.onError(error);
  });
  // A connection that breaks while it is lent out: its query fails, and that is enough; unheard, it would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
