/** The jobs of the queue and how they are enqueued: one task a step, the deadline timer of a session,
 * and the removal of an erased session's objects. */

import type { Sql } from '../eventlog/sql.ts';
import { defined } from '../recording/defined.ts';
import type { StepName } from '../recording/events.ts';
import type { PendingStep } from '../recording/pending-steps.ts';
import type { StepRun } from '../steps/run-step.ts';

export const DEADLINE_TASK = 'deadline';
export const ERASE_TASK = 'erase-objects';

export type StepJob = {
  readonly task: StepName;
  readonly payload: Omit<StepRun, 'step'>;
  readonly runAt: string | null;
};
export type DeadlineJob = {
  readonly task: typeof DEADLINE_TASK;
  readonly payload: { readonly sessionId: string };
  readonly runAt: string;
};
export type EraseJob = {
  readonly task: typeof ERASE_TASK;
  readonly payload: { readonly sessionId: string };
  readonly runAt: null;
};
export type Job = StepJob | DeadlineJob | EraseJob;

export function stepJob(sessionId: string, pending: PendingStep): StepJob {
  const { step, generation, attempt, part, notBefore } = pending;
  const payload = { sessionId, generation, attempt, ...defined({ part }) };
  return { task: step, payload, runAt: notBefore ?? null };
}

/** The same attempt has the same key, so dispatching it twice enqueues it once, also while it runs. */
function jobKey({ task, payload }: Job): string {
  if (!('generation' in payload)) return `${payload.sessionId}/${task}`;
  const { sessionId, generation, attempt, part } = payload;
  const what = part === undefined ? task : `${task}-${part}`;
  return `${sessionId}/${what}/${generation}/${attempt}`;
}

/**
 * A handler here fails only when the infrastructure does (a step's own failures are events), so it may be run again
 * often; a job that ran out of attempts would keep its key and block its step.
 */
const MAX_ATTEMPTS = 1000;

/**
 * `unsafe_dedupe` is safe here, as an attempt's job depends on nothing that may change after it was enqueued; the
 * deadline's job does (it moves while chunks arrive) and replaces the one before.
 *
 * A job that is there is left alone: add_job would touch its row, and a worker that looks for jobs at that moment
 * skips locked rows and goes back to sleep until it polls (measured: one session in ten waited for it). Where two
 * enqueue one job at the same moment the later one touches it all the same (revision > 0, and add_job then notifies
 * nobody): its commit wakes a worker, for whom the row is free by then.
 *
 * One that waits for a later time than is asked for is brought forward: a window whose next try was ten seconds away is
 * tried at once when the recording ends. Should a worker take it at that very moment it is done twice, and counts once.
 */
const ADD_JOBS = `with added as (
  select (graphile_worker.add_job(
    identifier := task, payload := payload::json, run_at := run_at, max_attempts := ${MAX_ATTEMPTS},
    job_key := key, job_key_mode := case when is_early then 'replace' else mode end)).revision
  from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[]) as job (task, payload, run_at, key, mode),
  lateral (select exists (
    select 1 from graphile_worker._private_jobs as there
    where there.key = job.key and there.locked_at is null and there.run_at > coalesce(job.run_at, now())
  ) as is_early) as before
  where mode = 'replace' or is_early
    or not exists (select 1 from graphile_worker._private_jobs where _private_jobs.key = job.key)
)
select pg_notify('jobs:insert', json_build_object('r', random(), 'count', count(*))::text)
from added where revision > 0 having count(*) > 0`;

/** In one round trip, and one transaction with what else is written in it. */
export async function enqueueAll(connection: Sql, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await connection.query(ADD_JOBS, [
    jobs.map(({ task }) => task),
    jobs.map(({ payload }) => JSON.stringify(payload)),
    jobs.map(({ runAt }) => runAt),
    jobs.map(jobKey),
    jobs.map(({ task }) => (task === DEADLINE_TASK ? 'replace' : 'unsafe_dedupe')),
  ]);
}
