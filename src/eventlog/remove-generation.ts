import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerStore, Write } from './consumer-store.ts';
import type { Projection } from './projection.ts';
import { consumerOf, type Generation, type ProjectionStore } from './projection-store.ts';

const ROWS_AT_ONCE = 1_000;
const REST_MS = 20;

/**
 * Deletes a retired generation's rows, a few at a time, then its checkpoint and parked streams. It does so as the leader
 * of its consumer, so nobody writes for it any more. Stopped or killed in the middle, the rest is deleted by the next
 * who tries. Resolves to false when it was stopped.
 */
export async function removeGeneration(
  { discard }: Projection,
  generation: Generation,
  {
    store,
    consumers,
    signal,
  }: {
    readonly store: Pick<ProjectionStore, 'forget'>;
    readonly consumers: Pick<ConsumerStore, 'lead'>;
    readonly signal: AbortSignal;
  },
): Promise<boolean> {
  const lead = await consumers.lead(consumerOf(generation), signal);
  if (lead === null) return false;
  try {
    for (const query of discard) {
      for (let deleted = ROWS_AT_ONCE; deleted === ROWS_AT_ONCE; ) {
        const write: Write = async (transaction) => {
          deleted = (await transaction.query(query, [generation.generation, ROWS_AT_ONCE])).rowCount ?? 0;
        };
        await lead.commit({ write });
        await delay(REST_MS, undefined, { signal }).catch(() => undefined);
        if (signal.aborted) return false;
      }
    }
    await lead.commit({ write: store.forget(generation) });
    return true;
  } finally {
    await lead.release().catch(() => undefined);
  }
}
