/**
 * Deletes what is past its retention: walks the objects, a session's at a time, folds the session and asks it what is still
 * kept. It keeps nothing, so it can be ended anywhere and begun again. What has no session is not touched: that is the
 * audit's to find.
 */
import PQueue from 'p-queue';
import type { ListedObject, ObjectStore } from '../objects/object-store.ts';
import {
  isPast,
  keptUntil,
  OBJECT_KINDS,
  type ObjectKind,
  objectKind,
  type Retention,
} from '../recording/retention.ts';
import type { Sessions } from '../sessions/sessions.ts';

export type RetentionParts = {
  readonly objects: Pick<ObjectStore, 'list' | 'delete'>;
  readonly sessions: Pick<Sessions, 'load'>;
  readonly retention: Retention;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  /** Ends it between two sessions. */
  readonly signal: AbortSignal;
};

type Count = { readonly objects: number; readonly bytes: number };
export type RetentionReport = {
  /** Sessions that were looked at: those with something old enough. */
  readonly sessions: number;
  readonly deleted: Readonly<Record<ObjectKind, Count>>;
};

export type RetentionOptions = {
  /** Counts, and deletes nothing. */
  readonly dryRun?: boolean;
  readonly onProgress?: (report: RetentionReport) => void;
};

const ROOMS = ['uploads/', 'audio/', 'text/'];
const AT_ONCE = 8;
const DAY_MS = 24 * 3_600_000;

export async function enforceRetention(
  parts: RetentionParts,
  { dryRun = false, onProgress }: RetentionOptions = {},
): Promise<RetentionReport> {
  const { objects, sessions, retention, now, signal } = parts;
  const deleted = Object.fromEntries(OBJECT_KINDS.map((kind) => [kind, { objects: 0, bytes: 0 }])) as Record<
    ObjectKind,
    Count
  >;
  let looked = 0;
  const report = (): RetentionReport => ({ sessions: looked, deleted: { ...deleted } });
  const youngest = Date.parse(now()) - shortestDays(retention) * DAY_MS;

  async function lookAt(sessionId: string, found: readonly ListedObject[]): Promise<void> {
    if (signal.aborted) return;
    const { session } = await sessions.load(sessionId);
    looked++;
    if (session === null) return;
    const past: string[] = [];
    for (const { key, bytes } of found) {
      const kind = objectKind(session, key);
      if (kind === null || !isPast(keptUntil(session, kind, retention), now())) continue;
      past.push(key);
      deleted[kind] = { objects: deleted[kind].objects + 1, bytes: deleted[kind].bytes + bytes };
    }
    if (past.length > 0 && !dryRun) await objects.delete(past);
    onProgress?.(report());
  }

  const queue = new PQueue({ concurrency: AT_ONCE });
  const failures: unknown[] = [];
  for (const room of ROOMS)
    for await (const [sessionId, found] of bySession(objects.list(room))) {
      if (signal.aborted || failures.length > 0) break;
      // Too young for any period: the session need not be read.
      if (found.every(({ lastModified }) => Date.parse(lastModified) > youngest)) continue;
      await queue.onSizeLessThan(AT_ONCE);
      queue.add(() => lookAt(sessionId, found)).catch((error: unknown) => failures.push(error));
    }
  await queue.onIdle();
  if (failures.length > 0) throw failures[0];
  return report();
}

function shortestDays({ recordingDays, textsDays, ...always }: Retention): number {
  return Math.min(
    ...Object.values(always),
    recordingDays ?? Number.POSITIVE_INFINITY,
    textsDays ?? Number.POSITIVE_INFINITY,
  );
}

/** A listing is in key order: a session's objects of a room come together. */
async function* bySession(
  listed: AsyncIterable<ListedObject>,
): AsyncGenerator<[sessionId: string, objects: readonly ListedObject[]]> {
  let current = '';
  let found: ListedObject[] = [];
  for await (const object of listed) {
    const [, sessionId = ''] = object.key.split('/');
    if (sessionId !== current && found.length > 0) {
      yield [current, found];
      found = [];
    }
    current = sessionId;
    found.push(object);
  }
  if (found.length > 0) yield [current, found];
}
