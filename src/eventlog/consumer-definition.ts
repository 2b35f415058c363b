import type { Write } from './consumer-store.ts';
import type { EventFilter, RecordedEvent } from './event-log.ts';

export type ConsumerDefinition = {
  /** Stable: names its checkpoint. A read model that is built anew beside the old one has its version in it. */
  readonly name: string;
  readonly filter: EventFilter;
  /** Events in commit order. A rejection is retried event by event, and parks the stream in the end. */
  readonly handle: (events: readonly RecordedEvent[]) => Promise<Write>;
};
