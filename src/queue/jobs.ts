/** The jobs of the queue and how they are enqueued: one task a step, the deadline timer of a session,
 * and the removal of an erased session's objects. */

import type { Sql } from '../eventlog/sql.ts';
import { defined } from '../recording/defined.ts';
import type { StepName } from '../recording/events.ts';
import type { PendingStep } from '../recording/pending-steps.ts';
import type { StepRun } from '../steps/run-step.ts';

export const DEADLINE_TASK = 'deadline';
export const ERASE_TASK = 'erase-objects';
export const ERASE_PERSON_TASK = 'erase-person';
export const RETENTION_TASK = 'retention';

export type StepJob = {
  readonly task: StepName;
  readonly payload: Omit<StepRun, 'step'>;
  readonly runAt: string | null;
  /** Of its session among those of its person (turns.ts). */
  readonly turn: number;
};
export type DeadlineJob = {
  readonly task: typeof DEADLINE_TASK;
  readonly payload: { readonly sessionId: string };
  readonly runAt: string;
};
export type EraseJob = {
  readonly task: typeof ERASE_TASK;
  /** `again`: once more, when no upload URL can be used any longer that would put something where all was deleted. */
  readonly payload: { readonly sessionId: string; readonly again?: true };
  readonly runAt: string | null;
};
/** Erases all sessions of somebody who asked for it; looks again later as often as it takes. */
export type ErasePersonJob = {
  readonly task: typeof ERASE_PERSON_TASK;
  readonly payload: { readonly erasureId: string };
  readonly runAt: string | null;
};
export type Job = StepJob | DeadlineJob | EraseJob | ErasePersonJob;

export function stepJob(sessionId: string, pending: PendingStep, turn = 0): StepJob {
  const { step, generation, attempt, part, notBefore } = pending;
  const payload = { sessionId, generation, attempt, ...defined({ part }) };
  return { task: step, payload, runAt: notBefore ?? null, turn };
}

/** The same attempt has the same key, so dispatching it twice enqueues it once, also while it runs. */
export function jobKey({ task, payload }: Job): string {
  if ('erasureId' in payload) return `${task}/${payload.erasureId}`;
  if (!('generation' in payload)) {
    const again = 'again' in payload ? '-again' : '';
    return `${payload.sessionId}/${task}${again}`;
  }
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
    job_key := key, job_key_mode := case when is_early then 'replace' else mode end, priority := priority)).revision
  from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::text[], $6::int[])
    as job (task, payload, run_at, key, mode, priority),
  lateral (select exists (
    select 1 from graphile_worker._private_jobs as there
    where there.key = job.key and there.locked_at is null and there.run_at > coalesce(job.run_at, now())
  ) as is_early) as before
  where mode = 'replace' or is_early
    or not exists (select 1 from graphile_worker._private_jobs where _private_jobs.key = job.key)
)
select pg_notify('jobs:insert', json_build_object('r', random(), 'count', count(*))::text)
from added where revision > 0 having count(*) > 0`;

/**
 * The lower goes first: those of a lower turn (turns.ts). Among these, when many stop at once: words before what is made of
 * them, and that before what nobody waits for yet or any more.
 */
function priorityOf(job: Job): number {
  return 'turn' in job ? job.turn * URGENCIES + urgencyOf(job) : urgencyOf(job);
}
const URGENCIES = 3;

function urgencyOf({ task, payload }: Job): -1 | 0 | 1 {
  if (task === 'transcribe') return -1;
  const isLiveParagraph = 'part' in payload && payload.part !== undefined;
  return isLiveParagraph || !('generation' in payload) ? 1 : 0;
}

/** A later job of these takes the place of the one before: its time moves. */
const REPLACING: ReadonlySet<Job['task']> = new Set([DEADLINE_TASK, ERASE_PERSON_TASK]);

/** In one round trip, and one transaction with what else is written in it. */
export async function enqueueAll(connection: Sql, jobs: readonly Job[]): Promise<void> {
  if (jobs.length === 0) return;
  await connection.query(ADD_JOBS, [
    jobs.map(({ task }) => task),
    jobs.map(({ payload }) => JSON.stringify(payload)),
    jobs.map(({ runAt }) => runAt),
    jobs.map(jobKey),
    jobs.map(({ task }) => (REPLACING.has(task) ? 'replace' : 'unsafe_dedupe')),
    jobs.map(priorityOf),
  ]);
}
