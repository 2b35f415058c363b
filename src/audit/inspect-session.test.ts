import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  created,
  later,
  received,
  recordResult,
  result,
  SESSION,
  uploaded,
} from '../../test/support/recording-events.ts';
import { anyRun, play, run, stateOf, stepsOf } from '../../test/support/recording-runs.ts';
import { deadlineOf } from '../recording/decide-upload.ts';
import type { RecordingEvent } from '../recording/events.ts';
import { DEFAULT_LIMITS } from '../recording/limits.ts';
import { pendingSteps } from '../recording/pending-steps.ts';
import { DEFAULT_RETENTION } from '../recording/retention.ts';
import type { Session } from '../recording/session.ts';
import type { Finding } from './finding.ts';
import { type AuditRules, inspectSession } from './inspect-session.ts';
import { type JobFact, namedObjects, neededObjects, type SessionFacts } from './session-facts.ts';

const HOUR_MS = 3_600_000;
/** Long after all that happens in a run, and before anything is past its retention. */
const NOW = later(20 * HOUR_MS);
const RULES: AuditRules = {
  now: NOW,
  graceMs: 60_000,
  retention: DEFAULT_RETENTION,
  limits: DEFAULT_LIMITS,
};
const QUIET = { isRunning: false, isExhausted: false };

function jobsOf(session: Session): JobFact[] {
  const steps = pendingSteps(session).map(
    ({ step, generation, attempt, part = null }): JobFact => ({
      key: `${SESSION}/${step}-${part}`,
      task: step,
      generation,
      attempt,
      part,
      ...QUIET,
    }),
  );
  if (deadlineOf(session, DEFAULT_LIMITS) === null) return steps;
  const none = { generation: null, attempt: null, part: null };
  return [...steps, { key: `${SESSION}/deadline`, task: 'deadline', ...none, ...QUIET }];
}

/** Facts that agree. */
function agreeing(session: Session): SessionFacts {
  const needed = neededObjects(session);
  const stored = { lastModified: later(0) };
  return {
    session,
    named: new Map(needed.map((each) => [each.key, each])),
    objects: new Map(needed.map(({ key, bytes, sha256 }) => [key, { ...stored, bytes, sha256 }])),
    jobs: jobsOf(session),
    rows: [{ view: 'entries', row: { a: 1, b: 2 }, folded: { b: 2, a: 1 } }],
    changedAt: later(0),
  };
}
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);
/** What is so without any store being wrong. */
const ofTheSession = ['gap', 'dead_letter'];

const results = stepsOf({ kind: 'voice' }).map((step) => recordResult(step, 0, later(14_000)));
const completed = stateOf(run(results, uploaded()));
const inspect = (facts: SessionFacts, rules: Partial<AuditRules> = {}) =>
  inspectSession(facts, { ...RULES, ...rules });

it('finds nothing where everything agrees, after every move of any run (300 runs)', () => {
  fc.assert(
    fc.property(anyRun(), (moves) => {
      for (const { session } of play(moves)) {
        const found = kinds(inspect(agreeing(session))).filter((kind) => !ofTheSession.includes(kind));
        expect(found).toEqual([]);
      }
    }),
    { numRuns: 300 },
  );
});

it('finds each object that is missing or differs, and no other (200 runs)', () => {
  fc.assert(
    fc.property(anyRun(30), fc.nat(), fc.constantFrom('gone', 'size', 'sha256'), (moves, pick, how) => {
      for (const { session } of play(moves)) {
        const facts = agreeing(session);
        const keys = [...new Set(neededObjects(session).map(({ key }) => key))];
        const key = keys[pick % Math.max(1, keys.length)];
        const stored = key === undefined ? undefined : facts.objects.get(key);
        if (key === undefined || stored === undefined) continue;
        const objects = new Map(facts.objects);
        if (how === 'gone') objects.delete(key);
        else
          objects.set(
            key,
            how === 'size' ? { ...stored, bytes: stored.bytes + 1 } : { ...stored, sha256: 'other' },
          );
        const found = inspect({ ...facts, objects }).filter(({ kind }) => kind.startsWith('object_'));
        expect(new Set(found.map(({ kind, subject }) => `${kind} ${subject}`))).toEqual(
          new Set([`${how === 'gone' ? 'object_missing' : 'object_differs'} ${key}`]),
        );
      }
    }),
    { numRuns: 200 },
  );
});

it('finds each due step whose job is lost, and would enqueue it (200 runs)', () => {
  fc.assert(
    fc.property(anyRun(30), fc.nat(), (moves, pick) => {
      for (const { session } of play(moves)) {
        const facts = agreeing(session);
        if (facts.jobs.length === 0) continue;
        const lost = facts.jobs[pick % facts.jobs.length];
        const found = inspect({ ...facts, jobs: facts.jobs.filter((job) => job !== lost) });
        const kind = lost?.task === 'deadline' ? 'deadline_not_queued' : 'step_not_queued';
        const queued = found.filter((each) => each.kind.endsWith('_not_queued'));
        expect(kinds(queued)).toEqual([kind]);
        expect(queued[0]?.repair).toEqual({ does: 'enqueue', sessionId: SESSION });
      }
    }),
    { numRuns: 200 },
  );
});

describe('objects', () => {
  const more = (session: Session, key: string, lastModified = later(0)) => {
    const facts = agreeing(session);
    return { ...facts, objects: new Map(facts.objects).set(key, { bytes: 9, sha256: null, lastModified }) };
  };

  it('that are past their retention are not missed', () => {
    const facts = { ...agreeing(completed), objects: new Map() };
    const missing = inspect(facts, { now: later(3 * 24 * HOUR_MS) }).map(({ subject }) => subject);
    expect(missing.filter((key) => key.startsWith('uploads/'))).toEqual([]);
    expect(missing.length).toBeGreaterThan(0);
  });

  it('that no event names can go when a step wrote them, or the client listed all there is', () => {
    for (const key of [`text/${SESSION}/entry-00.json`, `uploads/${SESSION}/chunks/00009`])
      expect(inspect(more(completed, key))).toMatchObject([
        { kind: 'object_unknown', subject: key, repair: { does: 'delete_objects', keys: [key] } },
      ]);
  });

  it('that may be speech which nothing else has are left to a person', () => {
    const sealed: RecordingEvent[] = [
      ...created(),
      received(0),
      { type: 'UploadCompleted', data: { at: later(1_000), by: 'server', chunks: 1, bytes: 1, images: [] } },
    ];
    const session = stateOf(run(results, sealed));
    expect(session.phase).toBe('completed');
    const key = `uploads/${SESSION}/chunks/00001`;
    expect(inspect(more(session, key))).toMatchObject([
      { kind: 'object_unknown', subject: key, repair: null },
    ]);
  });

  it('that are young, or of a session under way, are left alone', () => {
    expect(inspect(more(completed, `text/${SESSION}/x.json`, NOW))).toEqual([]);
    expect(inspect(more(stateOf(uploaded()), `text/${SESSION}/x.json`))).toEqual([]);
  });

  it('of an erased session go as a whole', () => {
    const erased = stateOf([...uploaded(), { type: 'SessionErased', data: { at: later(20_000) } }]);
    expect(inspect(more(erased, `uploads/${SESSION}/chunks/00000`))).toMatchObject([
      { kind: 'object_of_erased', repair: { does: 'erase_objects', sessionId: SESSION } },
    ]);
  });

  it('are named by their events, the newest word counting', () => {
    const named = namedObjects([...uploaded(), result('merge'), result('transcribe')]);
    expect([...named.keys()].filter((key) => key.startsWith('uploads/'))).toHaveLength(2);
    expect(named.size).toBe(4);
  });
});

it('a job that was given up keeps its step away, and is replaced', () => {
  const facts = agreeing(stateOf(uploaded()));
  const jobs = facts.jobs.map((job) => ({ ...job, isExhausted: true }));
  expect(inspect({ ...facts, jobs })[0]).toMatchObject({
    kind: 'step_not_queued',
    sentence: expect.stringContaining('was given up'),
  });
});

it('a job of a session that has ended is removed, unless it is running', () => {
  const job = {
    key: `${SESSION}/polish/0/1`,
    task: 'polish',
    generation: 0,
    attempt: 1,
    part: null,
    ...QUIET,
  };
  const facts = agreeing(completed);
  expect(inspect({ ...facts, jobs: [job] })).toMatchObject([
    { kind: 'job_not_needed', repair: { does: 'remove_job', key: job.key } },
  ]);
  expect(inspect({ ...facts, jobs: [{ ...job, isRunning: true }] })).toEqual([]);
});

it('a row that its events do not say has its view built anew; of an erased session it is told as that', () => {
  const rows = [{ view: 'entries', row: { a: 1 }, folded: { a: 2 } }];
  const facts = { ...agreeing(completed), rows };
  expect(inspect(facts)).toMatchObject([
    { kind: 'row_differs', repair: { does: 'rebuild', view: 'entries' } },
  ]);
  const erased = stateOf([...uploaded(), { type: 'SessionErased', data: { at: later(20_000) } }]);
  const left = { ...agreeing(erased), rows: [{ view: 'entries', row: { a: 1 }, folded: null }] };
  expect(kinds(inspect(left))).toEqual(['row_of_erased']);
  expect(inspect({ ...facts, changedAt: NOW })).toEqual([]);
});
