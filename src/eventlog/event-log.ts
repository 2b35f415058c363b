/**
 * The event log: append-only streams of facts, and one order over all of them.
 *
 * A stream's events carry versions 0, 1, 2, … with no hole. Across streams there is one commit order, named by
 * opaque positions: a subscriber that has seen position p never later meets an event at or before p, however
 * commits interleave. Delivery to subscribers is at least once; consumers make it harmless.
 */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | JsonValue[]
  | { [key: string]: JsonValue | undefined };
export type JsonObject = { [key: string]: JsonValue | undefined };

/** Who and what caused an event. Never holds speech, text, tokens or signed URLs. */
export interface EventMetadata {
  readonly correlationId: string;
  readonly causationId?: string;
  /** W3C Trace Context header of the request or job that caused it. */
  readonly traceparent?: string;
  /** `user:<pseudonym>`, `step:<name>`, `system:<part>` or `operator:<subject>`. */
  readonly actor: string;
}

export interface NewEvent {
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: EventMetadata;
}

/** Opaque and totally ordered by the log that gave it; only ever handed back to that log. */
export type Position = string & { readonly __position: unique symbol };

export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** 0 for the first event of its stream. */
  readonly version: number;
  readonly position: Position;
  /** ISO 8601, UTC, by the log's clock at append; of an event that was copied, by that of the log it was appended to. */
  readonly recordedAt: string;
}

/** A version (of the last event seen), `none` (the stream must not exist yet) or `any` (no check). */
export type ExpectedVersion = number | 'none' | 'any';

export interface AppendResult {
  /** Version of the last event appended. */
  readonly version: number;
}

export interface EventFilter {
  /** Only streams whose name starts so. */
  readonly streamPrefix?: string;
  /** Only these event types. */
  readonly types?: readonly string[];
}

/** Events in commit order; `position` is how far the log was read, also when nothing matched the filter. */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  readonly position: Position;
}

export interface SubscribeOptions {
  /** `start`: from the first event. `end`: only what commits from now on. A position: what comes after it. */
  readonly from: Position | 'start' | 'end';
  readonly filter?: EventFilter;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Most events in one batch; default 1,000. */
  readonly batchSize?: number;
}

export interface EventLog {
  /**
   * Appends all events or none. What is read back equals what was given, as JSON (`undefined` properties are left out).
   * @throws WrongExpectedVersion when the stream is not at `expected`; nothing was written.
   * @throws InvalidAppend when it could never succeed: see there; nothing was written.
   * @throws EventLogUnavailable when the log cannot be reached in time, or too many appends wait; unless the queue was
   *   full it is unknown whether they were written.
   * @throws EventLogSealed when it takes none any more; nothing was written.
   */
  append(stream: string, expected: ExpectedVersion, events: readonly NewEvent[]): Promise<AppendResult>;
  /**
   * The stream's events from `fromVersion` (default 0), in order; empty when there is no such stream.
   * @throws EventLogUnavailable
   */
  read(stream: string, fromVersion?: number): Promise<RecordedEvent[]>;
  /**
   * Batches in commit order, first what is there, then live, until `signal` aborts. It outlives a lost connection: it
   * goes on where it was.
   * @throws InvalidPosition at the first step, when `from` is none of this log's.
   */
  subscribe(options: SubscribeOptions): AsyncIterable<EventBatch>;
  /**
   * The position behind the newest event that subscribers may already see.
   * @throws EventLogUnavailable
   */
  head(): Promise<Position>;
  /** Stops background work and releases connections; appends under way finish first. */
  close(): Promise<void>;
}

/** One append holds at most so many bytes of JSON (data and metadata) and types, so that any log can take it. */
export const MAX_APPEND_BYTES = 1024 * 1024;

export class WrongExpectedVersion extends Error {
  readonly code = 'wrong_expected_version';
  readonly stream: string;
  readonly expected: ExpectedVersion;
  /** The stream's last version; −1 when it does not exist. */
  readonly actual: number;
  constructor(stream: string, expected: ExpectedVersion, actual: number) {
    super(`stream ${stream} is at version ${actual}, expected ${expected}`);
    this.stream = stream;
    this.expected = expected;
    this.actual = actual;
    this.name = 'WrongExpectedVersion';
  }
}

export class EventLogUnavailable extends Error {
  readonly code: 'event_log_unavailable' | 'event_log_sealed' = 'event_log_unavailable';
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'EventLogUnavailable';
  }
}

/** It takes no events any more, since it moves elsewhere; nothing was written. What goes there takes it: try again. */
export class EventLogSealed extends EventLogUnavailable {
  override readonly code = 'event_log_sealed';
  constructor(options?: ErrorOptions) {
    super('the event log takes no events any more: it moves to KurrentDB', options);
    this.name = 'EventLogSealed';
  }
}

/**
 * No events at all, more than `MAX_APPEND_BYTES`, a name that is empty, over 200 characters, begins with `$` (KurrentDB's
 * own do), holds U+0000 or is not Unicode, an expected version that is none, or data that is not JSON.
 */
export class InvalidAppend extends Error {
  readonly code = 'invalid_append';
  constructor(message: string) {
    super(message);
    this.name = 'InvalidAppend';
  }
}

/** A position of another log, or none. */
export class InvalidPosition extends Error {
  readonly code = 'invalid_position';
  constructor() {
    super('not a position of this event log');
    this.name = 'InvalidPosition';
  }
}
