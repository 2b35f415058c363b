/** How many jobs could run, had a worker time: looked at once a second, up to the bound, by each node for itself. */
import type { Sql } from '../eventlog/sql.ts';

const LOOK_MS = 1_000;
/** Those whose time is yet to come (deadlines, retries) wait for nobody. Counted up to the bound: more is as good. */
const COUNT = `select count(*)::int as jobs from (
  select from graphile_worker._private_jobs where is_available and run_at <= now() limit $1) as waiting`;

export type WaitingJobs = {
  /** As it was last seen; what is known stays while the database is away. */
  now(): number;
  stop(): Promise<void>;
};

export function watchWaitingJobs(
  sql: Sql,
  { most, onError }: { readonly most: number; readonly onError: (error: unknown) => void },
): WaitingJobs {
  let waiting = 0;
  let looking: Promise<void> | null = null;
  async function look(): Promise<void> {
    try {
      const { rows } = await sql.query<{ jobs: number }>(COUNT, [most]);
      waiting = rows[0]?.jobs ?? 0;
    } catch (error) {
      onError(error);
    }
    looking = null;
  }
  const timer = setInterval(() => {
    looking ??= look(); // a slow database is not asked twice at once
  }, LOOK_MS).unref();
  return {
    now: () => waiting,
    async stop() {
      clearInterval(timer);
      await looking;
    },
  };
}
