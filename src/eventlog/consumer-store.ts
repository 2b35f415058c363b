/** Where consumers keep their checkpoints and dead letters, together with what they write: the port. */
import type { EventFilter, Position, RecordedEvent } from './event-log.ts';
import type { Sql } from './sql.ts';

/** Writes in the consumer's transaction; waits for nothing else, and may run again when the transaction failed. */
export type Write = (transaction: Sql) => Promise<void>;

/** A dead letter: the consumer gave up on this stream, and passes over its events until it is requeued. */
export type ParkedStream = {
  readonly consumer: string;
  readonly stream: string;
  /** The event that could not be handled. */
  readonly version: number;
  readonly eventType: string;
  /** The error's `code`, or `handler_failed`. */
  readonly errorCode: string;
  readonly errorMessage: string;
  /** ISO 8601, UTC. */
  readonly parkedAt: string;
  /** It will be replayed as soon as the leading node gets to it. */
  readonly requeued: boolean;
};

export type Lag = {
  /** Events that match the filter and are not handled yet; counted up to 10,000. */
  readonly events: number;
  /** Age of the oldest of them by the log's clock; 0 when there is none. */
  readonly seconds: number;
};

export interface ConsumerStore {
  /**
   * Waits until this node leads the consumer as a whole; null when aborted. While any node leads a partition of it, that
   * waits too; then its layout is one partition. Rejects when the store cannot be reached.
   */
  lead(name: string, signal: AbortSignal): Promise<Lead | null>;
  /** Goes among the nodes that share the consumer in so many partitions. Rejects when the store cannot be reached. */
  join(name: string, of: number): Promise<Membership>;
  /** Whether any node leads it now, or a part of it. */
  isLed(name: string): Promise<boolean>;
  /** In how many partitions it is recorded, and how many of them a node leads now. */
  partitions(name: string): Promise<{ readonly of: number; readonly led: number }>;
  /** The dead letters of one consumer, or of all; the oldest first. */
  parked(consumer?: string): Promise<ParkedStream[]>;
  /** Asks the leading node to replay a parked stream; false when it isn't parked. */
  requeue(consumer: string, stream: string): Promise<boolean>;
  /** Needs no leading node. Of a consumer in partitions, the slowest's: what the others have handled behind it counts. */
  lag(consumer: { readonly name: string; readonly filter: EventFilter }): Promise<Lag>;
  /** Whether the error says that the store was away or busy, so that the event is not to blame. */
  isTransient(error: unknown): boolean;
}

/** A node among those that share a consumer's partitions, for as long as its connection lives. */
export interface Membership {
  /**
   * How the partitions are shared now. Lays the consumer out in ours if it is recorded otherwise; null as long as anybody
   * leads it in another layout. Rejects when the connection is gone.
   */
  look(): Promise<SharedNow | null>;
  /** Null when another node was first, or the layout is another by now. */
  lead(partition: number): Promise<Lead | null>;
  /** What it leads is led on. */
  leave(): Promise<void>;
}

export type SharedNow = {
  /** Partitions that nobody leads. */
  readonly free: readonly number[];
  /** How many each of the other nodes leads. */
  readonly others: readonly number[];
};

export type EventOfStream = { readonly stream: string; readonly version: number };

/** What is written in one transaction: all of it or nothing. */
export type Commit = {
  readonly write?: Write;
  /** Moves the checkpoint here. */
  readonly position?: Position;
  readonly park?: Omit<ParkedStream, 'consumer' | 'parkedAt' | 'requeued'>;
  /** Events of parked streams that were passed over: a replay has to reach as far. */
  readonly passedOver?: readonly EventOfStream[];
  /** A replay has handled this event: it goes on behind it. */
  readonly replayed?: EventOfStream;
  readonly unpark?: string;
};

/** What a replay has to handle: the stream's events from `version` to `lastVersion`. */
export type ToReplay = EventOfStream & { readonly lastVersion: number; readonly requeued: boolean };

/** Held by one node at a time, and only as long as its connection lives: who has lost it cannot write. */
export interface Lead {
  /** Aborts when the lead is lost. */
  readonly lost: AbortSignal;
  checkpoint(): Promise<Position | null>;
  /** Whether it is for this lead to handle; asked in the log's order, of what is behind the checkpoint. */
  wants(event: Pick<RecordedEvent, 'stream' | 'position'>): boolean;
  /** Rejects with `LeadLost` when the lead is gone: it is then unknown whether it was written; the checkpoint tells. */
  commit(commit: Commit): Promise<void>;
  parkedStreams(): Promise<ToReplay[]>;
  release(): Promise<void>;
}

export class LeadLost extends Error {
  readonly code = 'lead_lost';
  constructor(options?: ErrorOptions) {
    super('the connection that held the lead of the consumer is gone', options);
    this.name = 'LeadLost';
  }
}
