/** Who leads the consumers and the conductor: the lead is an advisory lock of the leader's own connection. */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';

/** By consumer, the backend of PostgreSQL that holds its lead. */
export type Leads = ReadonlyMap<string, number>;

const LOOK_MS = 10;
const LEADS = `select substr(application_name, length('thankly-consumer-') + 1) as consumer, pid
  from pg_stat_activity join pg_locks using (pid)
  where datname = current_database() and application_name like 'thankly-consumer-%'
    and locktype = 'advisory' and granted order by consumer`;

export async function leadsOf(database: pg.Client): Promise<Leads> {
  const { rows } = await database.query<{ consumer: string; pid: number }>(LEADS);
  return new Map(rows.map(({ consumer, pid }) => [consumer, pid]));
}

/**
 * Waits until each of these is led by another connection.
 * @returns milliseconds from the call until then, by consumer
 * @throws Error which are not, when `withinMs` are over
 */
export async function takenOver(
  database: pg.Client,
  before: Leads,
  withinMs: number,
): Promise<ReadonlyMap<string, number>> {
  const since = performance.now();
  const taken = new Map<string, number>();
  for (;;) {
    const now = await leadsOf(database);
    for (const [consumer, pid] of before) {
      const leader = now.get(consumer);
      if (!taken.has(consumer) && leader !== undefined && leader !== pid)
        taken.set(consumer, performance.now() - since);
    }
    if (taken.size === before.size) return taken;
    if (performance.now() - since > withinMs) {
      const left = [...before.keys()].filter((consumer) => !taken.has(consumer));
      throw new Error(`nobody leads after ${withinMs / 1000} s: ${left.join(', ')}`);
    }
    await delay(LOOK_MS);
  }
}
