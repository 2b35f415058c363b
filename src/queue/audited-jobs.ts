/** The queue as the audit reads it, and what it may put right there. */
import type { JobFact } from '../audit/session-facts.ts';
import type { Sql } from '../eventlog/sql.ts';
import { enqueueAll, type Job, jobKey } from './jobs.ts';

const JOBS = `select jobs.payload ->> 'sessionId' as "sessionId", jobs.key, tasks.identifier as task,
    (jobs.payload ->> 'generation')::int as generation, (jobs.payload ->> 'attempt')::int as attempt,
    (jobs.payload ->> 'part')::int as part, jobs.locked_at is not null as "isRunning",
    jobs.locked_at is null and jobs.attempts >= jobs.max_attempts as "isExhausted"
  from graphile_worker._private_jobs as jobs join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
  where jobs.key is not null and jobs.payload ->> 'sessionId' = any ($1::text[])`;
const WAITING = `select key, payload ->> 'sessionId' as "sessionId" from graphile_worker._private_jobs
  where key > $1 and locked_at is null and payload ->> 'sessionId' is not null
  order by key limit $2`;
const REMOVE = 'select graphile_worker.remove_job($1)';
const REMOVE_EXHAUSTED = `select graphile_worker.remove_job(key) from graphile_worker._private_jobs
  where key = any ($1::text[]) and attempts >= max_attempts and locked_at is null`;

export async function jobsOfSessions(
  sql: Sql,
  sessionIds: readonly string[],
): Promise<ReadonlyMap<string, readonly JobFact[]>> {
  const { rows } = await sql.query<JobFact & { sessionId: string }>(JOBS, [sessionIds]);
  return Map.groupBy(rows, ({ sessionId }) => sessionId);
}

const PAGE = 1_000;

/** Keys of some jobs whose session the log does not know. @param recorded those of these sessions that it knows */
export async function strayJobs(
  sql: Sql,
  recorded: (sessionIds: readonly string[]) => Promise<ReadonlySet<string>>,
  limit: number,
): Promise<string[]> {
  const strays: string[] = [];
  for (let after = ''; strays.length < limit; ) {
    const { rows } = await sql.query<{ key: string; sessionId: string }>(WAITING, [after, PAGE]);
    const known = await recorded(rows.map(({ sessionId }) => sessionId));
    strays.push(...rows.filter(({ sessionId }) => !known.has(sessionId)).map(({ key }) => key));
    if (rows.length < PAGE) break;
    after = rows.at(-1)?.key ?? after;
  }
  return strays.slice(0, limit);
}

export async function removeJob(sql: Sql, key: string): Promise<void> {
  await sql.query(REMOVE, [key]);
}

/** Also in the place of one that was given up: its key would keep the new one away. */
export async function enqueueAnew(sql: Sql, jobs: readonly Job[]): Promise<void> {
  await sql.query(REMOVE_EXHAUSTED, [jobs.map(jobKey)]);
  await enqueueAll(sql, jobs);
}
