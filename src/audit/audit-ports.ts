/** What the audit reads, and the few things that it may do. */
import type { ParkedStream } from '../eventlog/consumer-store.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { RecordingEvent } from '../recording/events.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Repair } from './finding.ts';
import type { JobFact } from './session-facts.ts';

/** A view across sessions, as it can be held against the log. */
export interface AuditedView {
  readonly name: string;
  /** The row that these events make; null when they make none. */
  folded(events: readonly RecordingEvent[]): unknown;
  /** Rows as they stand, by session. */
  rowsOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** Some sessions that have a row and no stream. */
  strays(limit: number): Promise<readonly string[]>;
  /** By how much it is behind the log. */
  lagSeconds(): Promise<number>;
}

export interface AuditPorts {
  /** Ids of recorded sessions, a page after the other; with `since` those begun from then on. */
  sessionIds(options: {
    readonly since: string | null;
    readonly pageSize: number;
  }): AsyncIterable<readonly string[]>;
  /** Those of these that have a stream. */
  recorded(sessionIds: readonly string[]): Promise<ReadonlySet<string>>;
  readonly history: Sessions['history'];
  readonly objects: Pick<ObjectStore, 'list' | 'digest'>;
  jobsOf(sessionIds: readonly string[]): Promise<ReadonlyMap<string, readonly JobFact[]>>;
  /** Some jobs of sessions that have no stream: their keys. */
  strayJobs(limit: number): Promise<readonly string[]>;
  readonly views: readonly AuditedView[];
  parked(): Promise<readonly ParkedStream[]>;
  /** Erasures asked for before this moment that are not finished. */
  unfinishedErasures(
    before: string,
  ): Promise<readonly { readonly id: string; readonly requestedAt: string }[]>;
  repair(repair: Repair): Promise<void>;
}
