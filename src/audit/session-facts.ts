/** What the audit knows of one session: from the log, the store, the queue and the read models. */
import type { ObjectReference, RecordingEvent, StepName } from '../recording/events.ts';
import type { Session } from '../recording/session.ts';

export type StoredFact = {
  readonly bytes: number;
  /** ISO 8601, UTC. */
  readonly lastModified: string;
  /** Lower-case hex; null where it was not looked at. */
  readonly sha256: string | null;
};

export type JobFact = {
  readonly key: string;
  readonly task: string;
  readonly generation: number | null;
  readonly attempt: number | null;
  readonly part: number | null;
  readonly isRunning: boolean;
  /** It failed as often as it may: it will never run, and its key keeps others away. */
  readonly isExhausted: boolean;
};

export type RowFact = {
  readonly view: string;
  /** As it stands; null when there is none. */
  readonly row: unknown;
  /** As the log's events say; null when there should be none. */
  readonly folded: unknown;
};

export type SessionFacts = {
  readonly session: Session;
  /** Everything its events ever named, by key; the newest word counts. */
  readonly named: ReadonlyMap<string, ObjectReference>;
  /** What stands under its prefixes. */
  readonly objects: ReadonlyMap<string, StoredFact>;
  readonly jobs: readonly JobFact[];
  readonly rows: readonly RowFact[];
  /** When its newest event was recorded, ISO 8601. */
  readonly changedAt: string;
};

export function namedObjects(events: Iterable<RecordingEvent>): Map<string, ObjectReference> {
  const named = new Map<string, ObjectReference>();
  for (const { type, data } of events) {
    if ('key' in data && 'sha256' in data) {
      const { key, bytes, sha256 } = data;
      named.set(key, { key, bytes, sha256 });
    }
    if (type === 'UploadCompleted')
      for (const { key, bytes, sha256 } of data.images) named.set(key, { key, bytes, sha256 });
  }
  return named;
}

/** What must be there for the session to go on, or to be read: by what its state names. */
export function neededObjects(session: Session): ObjectReference[] {
  if (session.phase === 'erased') return [];
  const { chunks, upload, merged, transcript, windows, paragraphs, entry } = session;
  const { imageDescriptions, emotion, feedback } = session;
  return [
    ...chunks.values(),
    ...(upload?.images ?? []),
    // What was written on the way is needed until that is there which it was written for.
    ...(transcript === undefined ? windows.values() : []),
    ...(entry === undefined ? paragraphs.values() : []),
    ...[merged, transcript, imageDescriptions, entry, emotion, feedback].filter((each) => each !== undefined),
  ].map(({ key, bytes, sha256 }) => ({ key, bytes, sha256 }));
}

export function isStepTask(task: string, steps: readonly StepName[]): task is StepName {
  return (steps as readonly string[]).includes(task);
}
