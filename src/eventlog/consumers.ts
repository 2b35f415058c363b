import type { ConsumerDefinition } from './consumer-definition.ts';
import type { ConsumerStore, ParkedStream } from './consumer-store.ts';

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
};

export function consumersOf(
  definitions: readonly Pick<ConsumerDefinition, 'name' | 'filter'>[],
  store: Pick<ConsumerStore, 'lag' | 'parked' | 'requeue'>,
): Consumers {
  return {
    async list() {
      const parked = await store.parked();
      return Promise.all(
        definitions.map(async (definition): Promise<ConsumerView> => {
          const { name } = definition;
          const { events, seconds } = await store.lag(definition);
          const parkedStreams = parked.filter(({ consumer }) => consumer === name).length;
          return { name, lagEvents: events, lagSeconds: seconds, parkedStreams };
        }),
      );
    },
    parked: () => store.parked(),
    requeue: (consumer, stream) => store.requeue(consumer, stream),
  };
}
