import type { Write } from './consumer-store.ts';
import type { EventFilter, RecordedEvent } from './event-log.ts';

export type ConsumerDefinition = {
  /** Stable: names its checkpoint. A read model that is built anew beside the old one has its version in it. */
  readonly name: string;
  readonly filter: EventFilter;
  /** Handling an event touches nothing of another stream's: it may be split in partitions (`ConsumerOptions`). */
  readonly isByStream?: boolean;
  /**
   * Milliseconds to wait after a batch, so that more events go in the next one's transaction: for what nobody waits for.
   * Not waited while it is behind.
   */
  readonly gatherMs?: number;
  /** Events in commit order. A rejection is retried event by event, and parks the stream in the end. */
  readonly handle: (events: readonly RecordedEvent[]) => Promise<Write>;
  /**
   * Told of the events whose transaction is written, on the node that wrote it: of each at most once, and not at all of
   * those whose node crashed just then. For what must not be counted twice. A rejection is told, and changes nothing.
   */
  readonly committed?: (events: readonly RecordedEvent[]) => Promise<void>;
};
