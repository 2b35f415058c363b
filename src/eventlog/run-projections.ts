/**
 * Keeps the generations of this service's projections going, on every node. Once a second, and when one is asked for:
 *
 *   none of this code's version ─▶ one is begun
 *   building or live, of this version ─▶ followed by a consumer, which leads on one node at a time
 *   building, and nearly at the end of the log ─▶ swapped in as soon as readers see no step back (`may-swap.ts`)
 *   retired a while ago ─▶ its rows are deleted (`remove-generation.ts`)
 *   of another version, followed by nobody for a minute, when this version has a live one ─▶ retired
 *
 * Everything is in the store; here is only what runs. A node that is killed leaves its consumers to the others, which go
 * on at the checkpoint, and a removal to whoever looks next. A version that has no live generation yet reads that of
 * another: an older and a newer node run side by side, each on a generation of its own.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer } from './consumer.ts';
import type { ConsumerStore } from './consumer-store.ts';
import type { ShownConsumer } from './consumers.ts';
import type { EventLog } from './event-log.ts';
import { followGeneration, type Standing } from './follow-generation.ts';
import { maySwap, type SwapFacts } from './may-swap.ts';
import { listedName, type Projection } from './projection.ts';
import { consumerOf, type Generation, type ProjectionStore, shownTo } from './projection-store.ts';
import { buildingOf, projectionView } from './projection-view.ts';
import type { Projections, ProjectionView } from './projections.ts';
import { removeGeneration } from './remove-generation.ts';

export type RunProjectionsOptions = {
  readonly log: EventLog;
  readonly store: ProjectionStore;
  readonly consumers: ConsumerStore;
  /** ISO 8601, UTC. */
  readonly now: () => string;
  readonly onError: (error: unknown, what: string) => void;
  /** Told in a line what was begun, swapped in, retired or removed by this node. */
  readonly onMove: (line: string) => void;
  /** How long a retired generation is left alone, so that every node has heard of it; default 5,000. */
  readonly removeAfterMs?: number;
  /** How long another version's generation is kept when nobody follows it; default 60,000. */
  readonly abandonedAfterMs?: number;
  /** False: this node only tells of them and asks for rebuilds; others follow the log. Default true. */
  readonly follow?: boolean;
};

export interface RunningProjections extends Projections {
  /** The consumers that build what is read now. */
  shown(): Promise<readonly ShownConsumer[]>;
  /** Finishes the batches at hand; what is being built or removed goes on with the next start. */
  stop(): Promise<void>;
}

const LOOK_MS = 1_000;
/** So near the end of the log, in events, the swap is tried: a few times in a row, since both consumers move. */
const NEAR_EVENTS = 2_000;
const SWAP_TRIES = 20;
const SWAP_AGAIN_MS = 10;

type Following = { generation: Generation; standing: Standing; readonly consumer: Consumer };

export function runProjections(
  projections: readonly Projection[],
  options: RunProjectionsOptions,
): RunningProjections {
  const { store, consumers, now, onError, onMove } = options;
  const { removeAfterMs = 5_000, abandonedAfterMs = 60_000, follow: follows = true } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  const following = new Map<string, Following>();
  const removing = new Map<string, Promise<void>>();
  /** Since when nobody follows another version's generation, by this process's clock. */
  const unfollowedSince = new Map<string, number>();
  let woken = Promise.withResolvers<void>();
  const wake = () => woken.resolve();
  signal.addEventListener('abort', wake);
  const running = follows ? run() : Promise.resolve();

  async function run(): Promise<void> {
    while (!signal.aborted) {
      await lookAtAll().catch((error) => onError(error, 'the projections'));
      const timer = setTimeout(wake, LOOK_MS);
      await woken.promise;
      clearTimeout(timer);
      woken = Promise.withResolvers();
    }
  }

  async function lookAtAll(): Promise<void> {
    const generations = await store.generations();
    for (const projection of projections) {
      const its = ofProjection(generations, projection);
      await lookAt(projection, its).catch((error) => onError(error, `the projection ${projection.name}`));
    }
  }

  async function lookAt(projection: Projection, generations: readonly Generation[]): Promise<void> {
    const { name, version } = projection;
    const wanted = generations.filter((each) => each.version === version && each.state !== 'retired');
    if (wanted.length === 0) {
      const { generation } = await store.begin(name, version, 'system:new-version', { onlyFirst: true });
      onMove(`${name}: generation ${generation} is begun, of version ${version}`);
      return wake();
    }
    await follow(projection, wanted);
    for (const each of generations) if (isToBeRemoved(each)) remove(projection, each);
    const beingBuilt = buildingOf(version, wanted);
    if (beingBuilt !== undefined) await swapIfNear(beingBuilt);
    if (wanted.some(({ state }) => state === 'live')) await retireAbandoned(version, generations);
  }

  async function follow(projection: Projection, wanted: readonly Generation[]): Promise<void> {
    const names = new Set(wanted.map(consumerOf));
    for (const [name, { generation, consumer }] of following) {
      if (generation.projection !== projection.name || names.has(name)) continue;
      following.delete(name);
      await consumer.stop();
    }
    for (const generation of wanted) {
      const name = consumerOf(generation);
      const known = following.get(name);
      if (known !== undefined) {
        known.generation = generation;
        if (generation.state === 'live') known.standing = 'live';
      } else if (!signal.aborted) {
        const standing = () => following.get(name)?.standing ?? 'near';
        const consumer = followGeneration(projection, generation, { ...options, standing, far });
        following.set(name, { generation, standing: generation.state === 'live' ? 'live' : 'far', consumer });
      }
    }
  }

  function far(): number {
    return [...following.values()].filter(({ standing }) => standing === 'far').length;
  }

  async function swapIfNear(beingBuilt: Generation): Promise<void> {
    const { projection, generation } = beingBuilt;
    const { done, total } = await store.read(consumerOf(beingBuilt));
    const isNear = total - done <= NEAR_EVENTS;
    const known = following.get(consumerOf(beingBuilt));
    if (known !== undefined) known.standing = isNear ? 'near' : 'far';
    if (!isNear) return;
    for (let tries = 0; tries < SWAP_TRIES && !signal.aborted; tries++) {
      let isBehind = false;
      const decide = (facts: SwapFacts) => {
        ({ isBehind } = facts);
        return maySwap(facts);
      };
      if (await store.swap(beingBuilt, decide)) {
        onMove(`${projection}: generation ${generation} is read from now on`);
        return wake();
      }
      if (!isBehind) return;
      await delay(SWAP_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  function isToBeRemoved(generation: Generation): boolean {
    const { state, retiredForMs } = generation;
    return state === 'retired' && retiredForMs >= removeAfterMs && !removing.has(consumerOf(generation));
  }

  function remove(projection: Projection, generation: Generation): void {
    const name = consumerOf(generation);
    const removal = removeGeneration(projection, generation, { store, consumers, signal })
      .then((isRemoved) => {
        if (isRemoved) onMove(`${projection.name}: generation ${generation.generation} is removed`);
      })
      .catch((error) => onError(error, `the removal of ${name}`))
      .finally(() => removing.delete(name));
    removing.set(name, removal);
  }

  async function retireAbandoned(version: number, generations: readonly Generation[]): Promise<void> {
    for (const each of generations) {
      if (each.version === version || each.state === 'retired') continue;
      const name = consumerOf(each);
      const since = (await consumers.isLed(name)) ? null : (unfollowedSince.get(name) ?? performance.now());
      if (since === null) unfollowedSince.delete(name);
      else unfollowedSince.set(name, since);
      if (since === null || performance.now() - since < abandonedAfterMs) continue;
      unfollowedSince.delete(name);
      if (await store.retire(each))
        onMove(`${each.projection}: generation ${each.generation} of version ${each.version} is retired`);
    }
  }

  const named = (name: string) => projections.find((each) => each.name === name);

  return {
    async list() {
      const [generations, parked] = await Promise.all([store.generations(), consumers.parked()]);
      const view = async (projection: Projection): Promise<ProjectionView> => {
        const its = ofProjection(generations, projection);
        const beingBuilt = buildingOf(projection.version, its);
        const read = beingBuilt === undefined ? null : await store.read(consumerOf(beingBuilt));
        return projectionView(projection, { generations: its, parked, read, now: now() });
      };
      return Promise.all(projections.map(view));
    },
    async rebuild(name, requestedBy) {
      const projection = named(name);
      if (projection === undefined) return null;
      const { generation } = await store.begin(name, projection.version, requestedBy);
      wake();
      return { name, generation, state: 'building' };
    },
    async cancel(name) {
      const projection = named(name);
      if (projection === undefined) return null;
      const beingBuilt = buildingOf(projection.version, ofProjection(await store.generations(), projection));
      if (beingBuilt === undefined || !(await store.retire(beingBuilt))) return 'none';
      wake();
      return { name, generation: beingBuilt.generation, state: 'cancelled' };
    },
    async shown() {
      const generations = await store.generations();
      return projections.flatMap((projection): ShownConsumer[] => {
        const { version, filter } = projection;
        const shown = shownTo(version, ofProjection(generations, projection));
        if (shown === undefined) return [];
        return [{ name: listedName(projection), consumer: consumerOf(shown), filter }];
      });
    },
    async stop() {
      stopped.abort();
      await running;
      const consumersLeft = [...following.values()].map(({ consumer }) => consumer.stop());
      await Promise.all([...consumersLeft, ...removing.values()]);
    },
  };
}

function ofProjection(generations: readonly Generation[], { name }: Pick<Projection, 'name'>): Generation[] {
  return generations.filter(({ projection }) => projection === name);
}
