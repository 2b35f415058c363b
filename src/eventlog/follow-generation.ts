import { type Consumer, type Pace, startConsumer } from './consumer.ts';
import type { ConsumerDefinition } from './consumer-definition.ts';
import type { ConsumerStore } from './consumer-store.ts';
import type { EventLog } from './event-log.ts';
import type { Projection } from './projection.ts';
import { consumerOf, type Generation, GenerationGone, type ProjectionStore } from './projection-store.ts';

/** `far` from the end of the log; `near` it, where it may be swapped in at any moment; read by readers. */
export type Standing = 'far' | 'near' | 'live';

export type FollowOptions = {
  readonly log: EventLog;
  readonly store: Pick<ProjectionStore, 'fence'>;
  readonly consumers: ConsumerStore;
  readonly onError: (error: unknown, what: string) => void;
  /** Asked again and again: it goes on after it has become the live one. */
  readonly standing: () => Standing;
  /** How many on this node are far from the end of the log. */
  readonly far: () => number;
};

/**
 * All that are far on a node work four fifths of the time between them, so two rebuilds take as long as one after
 * the other, and cost the others as much as one. `npm run bench -- rebuild` shows what they feel of it.
 */
const WORK_SHARE = 0.8;
const MAX_REST_MS = 250;
/** A checkpoint that is never old lets the swap be soon. */
const BUILDING_TIDY_MS = 100;
const TIDY_MS = 1_000;

/** The consumer of one generation, from the first event to its retirement. */
export function followGeneration(
  projection: Projection,
  generation: Generation,
  { log, store, consumers, onError, standing, far }: FollowOptions,
): Consumer {
  const pace: Pace = {
    restMs: (workedMs) => (standing() === 'far' ? restAfter(workedMs, far()) : 0),
    tidyMs: () => (standing() === 'live' ? TIDY_MS : BUILDING_TIDY_MS),
  };
  // A generation that is gone is no event's fault: its consumer is stopped in a moment, and parks nothing until then.
  const isTransient: ConsumerStore['isTransient'] = (error) =>
    error instanceof GenerationGone || consumers.isTransient(error);
  return startConsumer(fenced(projection, generation, store), {
    log,
    store: { ...consumers, isTransient },
    pace,
    onError: (error, what) => {
      if (!(error instanceof GenerationGone)) onError(error, what);
    },
  });
}

/** In milliseconds; bounded, since one that is near by now is resting still. */
export function restAfter(workedMs: number, far: number): number {
  return Math.min(MAX_REST_MS, workedMs * (far / WORK_SHARE - 1));
}

function fenced(
  { filter, handle }: Projection,
  generation: Generation,
  store: Pick<ProjectionStore, 'fence'>,
): ConsumerDefinition {
  const [handleOf, fence] = [handle(generation.generation), store.fence(generation)];
  return {
    name: consumerOf(generation),
    filter,
    handle: async (events) => {
      const write = await handleOf(events);
      return async (transaction) => {
        await fence(transaction);
        await write(transaction);
      };
    },
  };
}
