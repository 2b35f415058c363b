/** What those who look after a log ask of it besides its events: the port. */
import type { Lag } from './consumer-store.ts';
import type { EventFilter, Position } from './event-log.ts';
import type { Read } from './projection-store.ts';

export interface LogIndex {
  /** Before the first event. */
  readonly start: Position;
  /** Whether this log gave it, as far as its form tells. */
  isOwn(position: string): boolean;
  /** Whether `one` comes before `other`; null is before the first event. @throws InvalidPosition */
  isBefore(one: Position | null, other: Position | null): boolean;
  /** How far behind somebody is who has handled everything up to there; null: nothing yet. @throws EventLogUnavailable */
  lag(position: Position | null, filter: EventFilter): Promise<Lag>;
  /** Events up to there, of every kind, and all; some logs can only estimate them. @throws EventLogUnavailable */
  read(position: Position | null): Promise<Read>;
  /**
   * All streams of a kind, a page after the other, each once, in the log's own order.
   * @throws EventLogUnavailable
   */
  streams(kind: StreamKind, options: StreamsOptions): AsyncIterable<readonly string[]>;
  /** Those of these that there are. @throws EventLogUnavailable */
  existing(streams: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Their names begin so, and they begin with such an event. */
export type StreamKind = { readonly prefix: string; readonly firstType: string };

export type StreamsOptions = {
  readonly pageSize: number;
  /** ISO 8601: only those begun from then on. */
  readonly since?: string;
};
