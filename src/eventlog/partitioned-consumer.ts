/**
 * A consumer in partitions, as one node sees it: it takes part, looks every half second how the partitions are shared, and
 * takes or gives back (`share-partitions.ts`). Each partition it leads is a consumer by itself: a reader of the log, a
 * checkpoint, a lock of the connection that writes.
 *
 *   joining ──▶ looking ──the consumer is still led in another layout──▶ looking
 *                 │ ├─some are free, and it has less than its share──▶ leads them ──▶ looking
 *                 │ └─another node has two less──▶ gives one back when its batch is done ──▶ looking
 *                 └─connection lost──▶ joining; what it leads has connections of its own, and goes on
 *
 * A crash frees its partitions at once, and the others take them at their next look; where they go on is in the store.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ConsumerDefinition } from './consumer-definition.ts';
import type { Membership } from './consumer-store.ts';
import { type FollowOptions, followAsLeader } from './follow-as-leader.ts';
import { dueMove } from './share-partitions.ts';

const LOOK_MS = 500;
const JOIN_AGAIN_MS = 300;
/** What the others did not take when it was free, they are not given again for so long. */
const GIVES_AGAIN_MS = 60_000;

type Led = { readonly stop: () => void; readonly ended: Promise<void> };

/** Until `signal` aborts; then it finishes the batches at hand and gives all back. Never rejects. */
export async function runPartitions(
  definition: ConsumerDefinition,
  of: number,
  options: FollowOptions,
  signal: AbortSignal,
): Promise<void> {
  const { name } = definition;
  const leading = new Map<number, Led>();
  const freeSince = new Map<number, number>();
  let givesFromMs = 0;
  let isGiving = false;

  async function take(membership: Membership, partition: number): Promise<void> {
    if (leading.has(partition)) return;
    const lead = await membership.lead(partition);
    if (lead === null) return;
    const given = new AbortController();
    const ended = followAsLeader(
      { ...definition, name: `${name}/${partition}` },
      options,
      lead,
      AbortSignal.any([signal, given.signal]),
    ).finally(() => leading.delete(partition));
    leading.set(partition, { stop: () => given.abort(), ended });
  }

  function give(): void {
    const last = [...leading.values()].at(-1);
    if (last === undefined || isGiving || performance.now() < givesFromMs) return;
    isGiving = true;
    last.stop();
    void last.ended.finally(() => {
      isGiving = false;
    });
  }

  function longestFreeMs(free: readonly number[]): number {
    const now = performance.now();
    for (const partition of freeSince.keys()) if (!free.includes(partition)) freeSince.delete(partition);
    for (const partition of free) freeSince.set(partition, freeSince.get(partition) ?? now);
    return Math.max(0, ...free.map((partition) => now - (freeSince.get(partition) ?? now)));
  }

  async function share(membership: Membership): Promise<void> {
    const shared = await membership.look();
    if (shared === null) return;
    const { free, others } = shared;
    const freeForMs = longestFreeMs(free);
    const move = dueMove({ of, mine: leading.size, others, free: free.length, freeForMs });
    if (move.does === 'give') give();
    if (move.does !== 'take') return;
    if (move.isOverdue) givesFromMs = performance.now() + GIVES_AGAIN_MS;
    for (const partition of free.slice(0, move.count)) {
      if (!signal.aborted) await take(membership, partition);
    }
  }

  while (!signal.aborted) {
    let membership: Membership | null = null;
    try {
      membership = await options.store.join(name, of);
      while (!signal.aborted) {
        await share(membership);
        await rest(LOOK_MS, signal);
      }
    } catch (error) {
      if (!signal.aborted) options.onError(error, `consumer ${name}, sharing its partitions`);
    } finally {
      await membership?.leave().catch(() => undefined);
    }
    await rest(JOIN_AGAIN_MS, signal);
  }
  await Promise.all([...leading.values()].map(({ ended }) => ended));
}

async function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
