/** The jobs of the queue and how they are enqueued: one task a step, the deadline timer of a session,
 * and the removal of an erased session's objects. */

import type { Sql } from '../eventlog/sql.ts';
import type { StepName } from '../recording/events.ts';
import type { PendingStep } from '../recording/pending-steps.ts';

export const DEADLINE_TASK = 'deadline';
export const ERASE_TASK = 'erase-objects';

export type StepJob = {
  readonly task: StepName;
  readonly payload: { readonly sessionId: string; readonly generation: number; readonly attempt: number };
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
  const { step, generation, attempt, notBefore } = pending;
  return { task: step, payload: { sessionId, generation, attempt }, runAt: notBefore ?? null };
}

/** The same attempt has the same key, so dispatching it twice enqueues it once, also while it runs. */
function jobKey({ task, payload }: Job): string {
  return 'generation' in payload
    ? `${payload.sessionId}/${task}/${payload.generation}/${payload.attempt}`
    : `${payload.sessionId}/${task}`;
}

/**
 * A handler here fails only when the infrastructure does (a step's own failures are events), so it may be run again
 * often; a job that ran out of attempts would keep its key and block its step.
 */
const MAX_ATTEMPTS = 1000;

/**
 * `unsafe_dedupe` is safe here, as an attempt's job depends on nothing that may change after it was enqueued; the
 * deadline's job does (it moves while chunks arrive) and replaces the one before.
 */
const ADD_JOB = `select graphile_worker.add_job(
  identifier := $1, payload := $2::json, run_at := $3::timestamptz, max_attempts := $4::int,
  job_key := $5, job_key_mode := $6)`;

export async function enqueue(connection: Sql, job: Job): Promise<void> {
  const mode = job.task === DEADLINE_TASK ? 'replace' : 'unsafe_dedupe';
  await connection.query(ADD_JOB, [
    job.task,
    JSON.stringify(job.payload),
    job.runAt,
    MAX_ATTEMPTS,
    jobKey(job),
    mode,
  ]);
}
