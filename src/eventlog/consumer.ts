/**
 * A consumer follows the log and keeps something up to date: a projection, or the queue of jobs.
 *
 *   waiting ──lead won──▶ following ──batch──▶ handled, written and checkpointed in one transaction ──▶ following
 *                            │ handler fails: `handle-batch.ts`
 *                            └─connection lost, and with it the lead──▶ waiting
 *
 * One node leads at a time; the lead is a lock of the very connection that writes, so who lost it cannot write, and the
 * next one has it within a second. A crash before the commit leaves checkpoint and writes as they were: the batch is
 * handled again. A crash after it has lost nothing. Where one node is not enough the streams are split in partitions, and
 * all of this holds for each of them (`partitioned-consumer.ts`).
 *
 * A handler has two halves: `handle` may read what it likes and must not write; what it returns writes, in the
 * transaction, and must not wait for anything else. Both may run more than once for the same events.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerDefinition } from './consumer-definition.ts';
import { type FollowOptions, followAsLeader } from './follow-as-leader.ts';
import { runPartitions } from './partitioned-consumer.ts';

export type { ConsumerDefinition } from './consumer-definition.ts';
export type { Write } from './consumer-store.ts';
export type { Pace } from './follow-as-leader.ts';

export type ConsumerOptions = FollowOptions & {
  /** In how many a definition that is by stream is split, 1–16; others stay whole. Default 1. */
  readonly partitions?: number;
};

export interface Consumer {
  /** Finishes the batch at hand and gives the lead back. */
  stop(): Promise<void>;
}

const LEAD_AGAIN_MS = 300;

export function startConsumer(definition: ConsumerDefinition, options: ConsumerOptions): Consumer {
  const stopped = new AbortController();
  const of = definition.isByStream ? (options.partitions ?? 1) : 1;
  const running =
    of === 1
      ? runWhole(definition, options, stopped.signal)
      : runPartitions(definition, of, options, stopped.signal);
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}

async function runWhole(
  definition: ConsumerDefinition,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const lead = await options.store.lead(definition.name, signal);
      if (lead !== null) await followAsLeader(definition, options, lead, signal);
    } catch (error) {
      if (!signal.aborted) options.onError(error, `consumer ${definition.name}`);
    }
    await delay(LEAD_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}
