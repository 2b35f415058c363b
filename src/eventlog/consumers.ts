import type { ConsumerDefinition } from './consumer-definition.ts';
import type { ConsumerStore, ParkedStream } from './consumer-store.ts';
import type { EventFilter } from './event-log.ts';

/** The consumers of this service, for those who run it. */
export interface Consumers {
  list(): Promise<readonly ConsumerView[]>;
  /** The oldest first. */
  parked(): Promise<readonly ParkedStream[]>;
  /** False when that stream isn't parked. */
  requeue(consumer: string, stream: string): Promise<boolean>;
}

export type ConsumerView = {
  readonly name: string;
  /** Counted up to 10,000. */
  readonly lagEvents: number;
  readonly lagSeconds: number;
  readonly parkedStreams: number;
  /** In how many it is split; 1 for one that is whole. */
  readonly partitions: number;
  /** Of these, how many a node leads now; its lag is that of the slowest. */
  readonly partitionsLed: number;
};

/** A consumer whose checkpoint has another name from time to time: that of the generation that is read now. */
export type ShownConsumer = {
  /** Stable: metrics are labelled with it. */
  readonly name: string;
  readonly consumer: string;
  readonly filter: EventFilter;
};

/** @param shown those of the projections */
export function consumersOf(
  definitions: readonly Pick<ConsumerDefinition, 'name' | 'filter'>[],
  store: Pick<ConsumerStore, 'lag' | 'parked' | 'partitions' | 'requeue'>,
  shown: () => Promise<readonly ShownConsumer[]>,
): Consumers {
  const fixed = definitions.map(({ name, filter }): ShownConsumer => ({ name, consumer: name, filter }));
  return {
    async list() {
      const [parked, ofProjections] = await Promise.all([store.parked(), shown()]);
      return Promise.all(
        [...fixed, ...ofProjections].map(async ({ name, consumer, filter }): Promise<ConsumerView> => {
          const [lag, split] = await Promise.all([
            store.lag({ name: consumer, filter }),
            store.partitions(consumer),
          ]);
          return {
            name,
            lagEvents: lag.events,
            lagSeconds: lag.seconds,
            parkedStreams: parked.filter((each) => each.consumer === consumer).length,
            partitions: split.of,
            partitionsLed: split.led,
          };
        }),
      );
    },
    parked: () => store.parked(),
    requeue: (consumer, stream) => store.requeue(consumer, stream),
  };
}
