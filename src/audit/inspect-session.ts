/**
 * Compares what log, objects, queue and read models say of one session: pure. What is still moving is left alone for
 * `graceMs`: an object is written before its event, a row after it, a job beside it.
 */
import { isDeepStrictEqual } from 'node:util';
import { gapMs } from '../recording/coverage.ts';
import { deadlineOf } from '../recording/decide-upload.ts';
import { STEPS } from '../recording/events.ts';
import type { RecordingLimits } from '../recording/limits.ts';
import { type PendingStep, pendingSteps } from '../recording/pending-steps.ts';
import { isPast, keptUntil, objectKind, type Retention } from '../recording/retention.ts';
import { hasEnded, type Session } from '../recording/session.ts';
import type { Finding } from './finding.ts';
import { isStepTask, type JobFact, neededObjects, type SessionFacts } from './session-facts.ts';

export type AuditRules = {
  /** ISO 8601, UTC. */
  readonly now: string;
  readonly graceMs: number;
  readonly retention: Retention;
  readonly limits: RecordingLimits;
};

export function inspectSession(facts: SessionFacts, rules: AuditRules): Finding[] {
  return [
    ...missingObjects(facts, rules),
    ...unknownObjects(facts, rules),
    ...gaps(facts),
    ...stopped(facts, rules),
    ...unneededJobs(facts, rules),
    ...rowsThatDiffer(facts, rules),
    ...deadLetters(facts),
  ];
}

function missingObjects({ session, objects }: SessionFacts, { now, retention }: AuditRules): Finding[] {
  return neededObjects(session).flatMap(({ key, bytes, sha256 }): Finding[] => {
    const stored = objects.get(key);
    const kind = objectKind(session, key);
    if (stored === undefined) {
      if (kind !== null && isPast(keptUntil(session, kind, retention), now)) return [];
      const sentence = `an event names it (${bytes} bytes), and nothing is there`;
      return [{ kind: 'object_missing', subject: key, sentence, repair: null }];
    }
    const differs =
      stored.bytes !== bytes
        ? `it has ${stored.bytes} bytes, its event says ${bytes}`
        : stored.sha256 !== null && stored.sha256 !== sha256
          ? 'its SHA-256 is not the one that its event names'
          : null;
    return differs === null
      ? []
      : [{ kind: 'object_differs', subject: key, sentence: differs, repair: null }];
  });
}

function unknownObjects({ session, named, objects }: SessionFacts, rules: AuditRules): Finding[] {
  const { sessionId, phase } = session;
  const old = [...objects].filter(([, { lastModified }]) => isOlder(lastModified, rules));
  if (phase === 'erased') {
    if (old.length === 0) return [];
    const sentence = `the session was erased, and ${old.length} of its objects are still there`;
    const repair = { does: 'erase_objects', sessionId } as const;
    return [{ kind: 'object_of_erased', subject: sessionId, sentence, repair }];
  }
  // While it is under way an object may be there before its event.
  if (!hasEnded(session)) return [];
  return old
    .filter(([key]) => !named.has(key))
    .map(([key, { bytes }]): Finding => {
      const mayGo = !mayHoldSpeech(session, key);
      const why = mayGo
        ? ''
        : '; it was put and never acknowledged, so it may hold speech that nothing else has';
      return {
        kind: 'object_unknown',
        subject: key,
        sentence: `no event of its session names it (${bytes} bytes)${why}`,
        repair: mayGo ? { does: 'delete_objects', keys: [key] } : null,
      };
    });
}

/** What a step wrote can be written again; what was uploaded cannot, unless the client itself has listed all there is. */
function mayHoldSpeech({ upload }: Session, key: string): boolean {
  return key.startsWith('uploads/') && upload?.by !== 'client';
}

function gaps({ session }: SessionFacts): Finding[] {
  const lostMs = session.transcript === undefined ? 0 : gapMs(session.transcript.coverage);
  if (lostMs < WORTH_TELLING_MS) return [];
  const reasons = new Set(session.transcript?.coverage.gaps.map(({ reason }) => reason));
  const sentence = `${(lostMs / 1000).toFixed(1)} s are not in its transcript (${[...reasons].join(', ')})`;
  return [{ kind: 'gap', subject: session.sessionId, sentence, repair: null }];
}
const WORTH_TELLING_MS = 500;

function stopped({ session, jobs, changedAt }: SessionFacts, rules: AuditRules): Finding[] {
  const { sessionId, phase } = session;
  if (!isOlder(changedAt, rules)) return [];
  const repair = { does: 'enqueue', sessionId } as const;
  const found: Finding[] = [];
  const pending = pendingSteps(session);
  for (const step of pending) {
    if (step.notBefore !== undefined && !isOlder(step.notBefore, rules)) continue;
    const job = jobs.find((each) => isFor(each, step));
    if (job !== undefined && !job.isExhausted) continue;
    const why = job === undefined ? 'has no job' : 'has a job that was given up';
    const what = step.part === undefined ? step.step : `${step.step} ${step.part}`;
    const sentence = `${what} (generation ${step.generation}, attempt ${step.attempt}) is due and ${why}`;
    found.push({ kind: 'step_not_queued', subject: sessionId, sentence, repair });
  }
  const deadline = deadlineOf(session, rules.limits);
  if (deadline !== null && !jobs.some(({ task, isExhausted }) => task === 'deadline' && !isExhausted)) {
    const sentence = `it is to be looked at again at ${deadline}, and has no job for that`;
    found.push({ kind: 'deadline_not_queued', subject: sessionId, sentence, repair });
  }
  if (phase === 'processing' && pending.length === 0) {
    const sentence = 'it is being processed, and nothing of it is due';
    found.push({ kind: 'session_stopped', subject: sessionId, sentence, repair: null });
  }
  return found;
}

function unneededJobs({ session, jobs, changedAt }: SessionFacts, rules: AuditRules): Finding[] {
  const isOver = hasEnded(session) || session.phase === 'failed';
  if (!isOver || !isOlder(changedAt, rules)) return [];
  const pending = pendingSteps(session);
  return jobs
    .filter(
      (job) => isStepTask(job.task, STEPS) && !job.isRunning && !pending.some((step) => isFor(job, step)),
    )
    .map(({ key, task }) => ({
      kind: 'job_not_needed',
      subject: key,
      sentence: `the session is ${session.phase}, and a job for its ${task} waits`,
      repair: { does: 'remove_job', key },
    }));
}

function isFor({ task, generation, attempt, part }: JobFact, step: PendingStep): boolean {
  const isThis = task === step.step && generation === step.generation && attempt === step.attempt;
  return isThis && part === (step.part ?? null);
}

function rowsThatDiffer({ session, rows, changedAt }: SessionFacts, rules: AuditRules): Finding[] {
  if (!isOlder(changedAt, rules)) return [];
  return rows
    .filter(({ row, folded }) => !isDeepStrictEqual(row, folded))
    .map(({ view, row }): Finding => {
      const isErased = session.phase === 'erased';
      const lacks = row === null ? 'has no row of it' : 'has another row of it than its events say';
      return {
        kind: isErased ? 'row_of_erased' : 'row_differs',
        subject: session.sessionId,
        sentence: isErased
          ? `it was erased, and the view ${view} still has a row of it`
          : `the view ${view} ${lacks}`,
        repair: { does: 'rebuild', view },
      };
    });
}

function deadLetters({ session }: SessionFacts): Finding[] {
  if (session.failure?.retriable === false) return [];
  const { sessionId, phase } = session;
  if (phase !== 'failed' && phase !== 'completed') return [];
  return STEPS.filter((step) => session.steps[step].outcome === 'failed').map((step) => {
    const { code = 'unknown' } = session.steps[step].error ?? {};
    const sentence = `${step} was given up (${code}): requeue it in the console, /console/dead-letters`;
    return { kind: 'dead_letter', subject: sessionId, sentence, repair: null };
  });
}

function isOlder(at: string, { now, graceMs }: AuditRules): boolean {
  return Date.parse(at) <= Date.parse(now) - graceMs;
}
