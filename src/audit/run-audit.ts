/**
 * Walks log, objects, queue and read models, and tells what does not agree. A page of sessions is in memory at a time. It
 * runs beside an application that works, so what seems wrong is looked at once more a moment later: what moves is no
 * finding.
 */
import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import { sessionPrefixes } from '../recording/object-keys.ts';
import type { AuditedView, AuditPorts } from './audit-ports.ts';
import { type Finding, isNote } from './finding.ts';
import { type AuditRules, inspectSession } from './inspect-session.ts';
import { namedObjects, neededObjects, type SessionFacts, type StoredFact } from './session-facts.ts';
import { strayObjects } from './stray-objects.ts';

export type AuditOptions = {
  readonly rules: Omit<AuditRules, 'now'>;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  /** Only sessions begun from then on; objects and rows without a session are looked for in any case. */
  readonly since?: string;
  /** Also reads what is stored and compares its SHA-256. */
  readonly digests: boolean;
  /** Before what seems wrong is looked at again. */
  readonly settleMs: number;
  readonly signal: AbortSignal;
  readonly onProgress: (sessions: number, findings: number) => void;
};

const PAGE = 200;
const AT_ONCE = 8;
const STRAYS = 1_000;
/** A view that is further behind has no rows worth comparing. */
const MOST_LAG_SECONDS = 30;
/** Looked again as often as it takes, an erasure is over in minutes. */
const ERASURE_MS = 24 * 3_600_000;

/** Findings as they are made; nothing is changed. */
export async function* audit(ports: AuditPorts, options: AuditOptions): AsyncGenerator<Finding> {
  const { signal, onProgress, now, since = null } = options;
  let sessions = 0;
  let found = 0;
  const rules = (): AuditRules => ({ ...options.rules, now: now() });
  const behind = await viewsBehind(ports);
  for (const finding of [...behind.findings, ...(await standing(ports, rules()))]) {
    found++;
    yield finding;
  }
  const views = ports.views.filter(({ name }) => !behind.names.has(name));
  for await (const page of ports.sessionIds({ since, pageSize: PAGE })) {
    if (signal.aborted) break;
    for (const finding of await inspectTwice(page, { ...ports, views }, options, rules)) {
      found++;
      yield finding;
    }
    sessions += page.length;
    onProgress(sessions, found);
  }
  for await (const finding of strayObjects(ports, rules(), signal)) {
    found++;
    yield finding;
  }
  onProgress(sessions, found);
}

/** What is found at the first look and is still so at the second. */
async function inspectTwice(
  page: readonly string[],
  ports: AuditPorts,
  options: AuditOptions,
  rules: () => AuditRules,
): Promise<Finding[]> {
  const first = await inspectAll(page, ports, options, rules());
  const suspects = [...first]
    .filter(([, findings]) => findings.some((each) => !isNote(each)))
    .map(([id]) => id);
  if (suspects.length === 0) return [...first.values()].flat();
  await delay(options.settleMs, undefined, { signal: options.signal }).catch(() => undefined);
  const second = await inspectAll(suspects, ports, options, rules());
  return [...first].flatMap(([id, findings]) => {
    const again = second.get(id);
    return again === undefined ? findings : again.filter((each) => findings.some((one) => isSame(one, each)));
  });
}

function isSame(a: Finding, b: Finding): boolean {
  return a.kind === b.kind && a.subject === b.subject && a.sentence === b.sentence;
}

async function inspectAll(
  sessionIds: readonly string[],
  ports: AuditPorts,
  { digests }: Pick<AuditOptions, 'digests'>,
  rules: AuditRules,
): Promise<Map<string, Finding[]>> {
  const [jobs, ...rows] = await Promise.all([
    ports.jobsOf(sessionIds),
    ...ports.views.map(async (view) => [view, await view.rowsOf(sessionIds)] as const),
  ]);
  const queue = new PQueue({ concurrency: AT_ONCE });
  const inspected = await queue.addAll(
    sessionIds.map((sessionId) => async (): Promise<[string, Finding[]]> => {
      const facts = await factsOf(sessionId, ports, { digests, rows, jobs: jobs.get(sessionId) ?? [] });
      return [sessionId, facts === null ? [] : inspectSession(facts, rules)];
    }),
  );
  return new Map(inspected);
}

type Gathered = Pick<SessionFacts, 'jobs'> & {
  readonly digests: boolean;
  readonly rows: readonly (readonly [AuditedView, ReadonlyMap<string, unknown>])[];
};

async function factsOf(
  sessionId: string,
  { history, objects }: AuditPorts,
  { digests, rows, jobs }: Gathered,
): Promise<SessionFacts | null> {
  const { session, recorded } = await history(sessionId);
  const last = recorded.at(-1);
  if (session === null || last === undefined) return null;
  const events = recorded.map(({ event }) => event);
  const stored = new Map<string, StoredFact>();
  for (const prefix of sessionPrefixes(sessionId))
    for await (const { key, bytes, lastModified } of objects.list(prefix))
      stored.set(key, { bytes, lastModified, sha256: null });
  if (digests)
    for (const { key } of neededObjects(session)) {
      const known = stored.get(key);
      const read = known === undefined ? null : await objects.digest(key);
      if (known !== undefined && read !== null) stored.set(key, { ...known, sha256: read.sha256 });
    }
  return {
    session,
    named: namedObjects(events),
    objects: stored,
    jobs,
    rows: rows.map(([view, standing]) => ({
      view: view.name,
      row: standing.get(sessionId) ?? null,
      folded: view.folded(events),
    })),
    changedAt: last.recordedAt,
  };
}

async function viewsBehind({ views }: AuditPorts): Promise<{ names: Set<string>; findings: Finding[] }> {
  const findings: Finding[] = [];
  const names = new Set<string>();
  for (const { name, lagSeconds } of views) {
    const seconds = await lagSeconds();
    if (seconds < MOST_LAG_SECONDS) continue;
    names.add(name);
    const sentence = `it is ${Math.round(seconds)} s behind the log: its rows are not compared; an application that runs brings it up`;
    findings.push({ kind: 'view_behind', subject: name, sentence, repair: null });
  }
  return { names, findings };
}

/** What belongs to no one session that is recorded. */
async function standing(ports: AuditPorts, { now }: AuditRules): Promise<Finding[]> {
  const before = new Date(Date.parse(now) - ERASURE_MS).toISOString();
  const [parked, erasures, jobs] = await Promise.all([
    ports.parked(),
    ports.unfinishedErasures(before),
    ports.strayJobs(STRAYS),
  ]);
  const findings: Finding[] = [
    ...parked.map(({ consumer, stream, errorCode }): Finding => {
      const sentence = `${consumer} gave it up (${errorCode}): requeue it in the console, /console/dead-letters`;
      return { kind: 'stream_parked', subject: stream, sentence, repair: null };
    }),
    ...erasures.map(({ id, requestedAt }): Finding => {
      const sentence = `asked for at ${requestedAt}, and not finished`;
      return {
        kind: 'erasure_unfinished',
        subject: id,
        sentence,
        repair: { does: 'erase_person', erasureId: id },
      };
    }),
    ...jobs.map((key): Finding => {
      const sentence = 'a job of a session that the log does not know';
      return { kind: 'job_not_needed', subject: key, sentence, repair: { does: 'remove_job', key } };
    }),
  ];
  for (const view of ports.views)
    for (const sessionId of await view.strays(STRAYS)) {
      const sentence = `the view ${view.name} has a row of a session that the log does not know`;
      const repair = { does: 'rebuild', view: view.name } as const;
      findings.push({ kind: 'row_differs', subject: sessionId, sentence, repair });
    }
  return findings;
}
