/** What kept requests out, as the application itself tells it. */
import type pg from 'pg';
import type { BenchApplication } from '../support/application.ts';

/** By reason, as `thankly_http_refused_total` names it. */
export type Refusals = ReadonlyMap<string, number>;

const REFUSED = /^thankly_http_refused_total\{reason="(\w+)"\} (\d+)/gm;

export async function refusalsOf({ url }: BenchApplication): Promise<Refusals> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return new Map([...text.matchAll(REFUSED)].map(([, reason, count]) => [reason ?? '', Number(count)]));
}

/** Of the refusals between two looks, the share of each reason; the most frequent first. */
export function reasonsBetween(before: Refusals, after: Refusals): [reason: string, share: number][] {
  const counts = [...after].map(([reason, count]) => [reason, count - (before.get(reason) ?? 0)] as const);
  const total = counts.reduce((sum, [, count]) => sum + count, 0);
  return counts
    .filter(([, count]) => count > 0)
    .map(([reason, count]): [string, number] => [reason, count / total])
    .sort(([, a], [, b]) => b - a);
}

/** Jobs that could run, had a worker time. */
export async function waitingJobs(database: pg.Pool): Promise<number> {
  const { rows } = await database.query<{ jobs: number }>(
    'select count(*)::int as jobs from graphile_worker._private_jobs where is_available and run_at <= now()',
  );
  return rows[0]?.jobs ?? 0;
}
