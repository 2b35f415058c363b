/** Moving a log to another store: the ports of the log that is left, and of the one that is gone to. */
import type { Lag } from './consumer-store.ts';
import type { EventLog, Position, RecordedEvent } from './event-log.ts';

/** An event as it is in both logs: everything but its place, and with its id. */
export type CopiedEvent = Omit<RecordedEvent, 'position'> & {
  /** A UUID. */
  readonly id: string;
};

export type PlacedEvent = CopiedEvent & { readonly position: Position };

/** Names an event. */
export type EventKey = Pick<RecordedEvent, 'stream' | 'version'>;

export interface CopySource {
  readonly log: Pick<EventLog, 'read' | 'subscribe'>;
  /** Before the first event. */
  readonly start: Position;
  /** Whether `one` comes before `other`; null is before the first event. */
  isBefore(one: Position | null, other: Position | null): boolean;
  /** Of the last event that followers may see; null: there is none. */
  newest(): Promise<Position | null>;
  /** Of the last event that is committed, also when an older transaction still holds it back; null: there is none. */
  last(): Promise<Position | null>;
  /** The last event at this position or before it; null: there is none. */
  lastAt(position: Position): Promise<EventKey | null>;
  /** Events behind a position, counted up to 10,000, and the age of the oldest. */
  lag(position: Position | null): Promise<Lag>;
  /** About how many events there are up to a position, and in all. */
  read(position: Position | null): Promise<{ readonly done: number; readonly total: number }>;
}

/** All of it @throws EventLogUnavailable */
export interface CopyTarget {
  /** Before the first event. */
  readonly start: Position;
  /**
   * Appends events of one stream that follow each other, at the versions that they have. Where those very events are
   * there already, by their ids, nothing is done.
   * @throws WrongExpectedVersion when others are there, or those before them are missing
   * @throws InvalidAppend when the store does not take them
   */
  append(events: readonly CopiedEvent[]): Promise<void>;
  /** Null: it has no event. */
  newest(): Promise<PlacedEvent | null>;
  /** All events of all streams behind a position, in the log's order, a page after the other; ends where the log does. */
  forwards(after: Position | null): AsyncIterable<readonly PlacedEvent[]>;
  /** All events of all streams, the newest first. */
  backwards(): AsyncIterable<readonly PlacedEvent[]>;
  /** One stream as it is; also one that lacks events. */
  read(stream: string): Promise<readonly CopiedEvent[]>;
  /** Whether `one` comes before `other`. */
  isBefore(one: Position, other: Position): boolean;
  close(): Promise<void>;
}
