/** Which generations of which projections there are, and which one is read: the port. */
import type { Write } from './consumer-store.ts';
import type { SwapFacts } from './may-swap.ts';

/**
 *   building ──caught up──▶ live ──another takes its place──▶ retired ──rows deleted──▶ (removed)
 *      └──────cancelled, or nobody of its version is left───────▲
 *
 * Of each version of the code at most one is building and one is live. The store does each move in one transaction.
 */
export type Generation = {
  readonly projection: string;
  readonly generation: number;
  readonly version: number;
  readonly state: 'building' | 'live' | 'retired';
  /** `operator:<subject>` or `system:<part>`. */
  readonly requestedBy: string;
  /** ISO 8601, UTC. */
  readonly requestedAt: string;
  /** When readers began to read it; null for one that is not live yet, or was there from the first. */
  readonly swappedAt: string | null;
  /** By the store's clock; 0 for one that is not retired. */
  readonly retiredForMs: number;
};

/** Events of the log, of every kind: those that a consumer has come past, and all. */
export type Read = { readonly done: number; readonly total: number };

export interface ProjectionStore {
  /** All but the removed ones; of the live ones, the one swapped in last comes last. */
  generations(): Promise<readonly Generation[]>;
  /**
   * Begins to build one; resolves to the one that is already building when there is one of that version.
   * @param options.onlyFirst resolves to a live one, too: a version's first is begun once, however many look
   */
  begin(
    projection: string,
    version: number,
    requestedBy: string,
    options?: { readonly onlyFirst?: boolean },
  ): Promise<Generation>;
  /**
   * Makes a building generation the live one of its version if `decide` says so, and retires the one whose place it
   * takes. While it decides, what readers read now stands still. False also when it isn't building any more.
   */
  swap(generation: Generation, decide: (facts: SwapFacts) => boolean): Promise<boolean>;
  /** Its rows may go; false, and nothing is done, when its state is another by now. */
  retire(generation: Generation): Promise<boolean>;
  /** To be done before what a consumer of that generation writes: rejects with `GenerationGone` when it was retired. */
  fence(generation: Generation): Write;
  /** The last step of its removal: checkpoint and parked streams go, the generation is removed. */
  forget(generation: Generation): Write;
  read(consumer: string): Promise<Read>;
}

/** A consumer wanted to write for a generation that nobody wants any more: it will be stopped in a moment. */
export class GenerationGone extends Error {
  readonly code = 'generation_gone';
  constructor({ projection, generation }: Generation) {
    super(`generation ${generation} of ${projection} is retired`);
    this.name = 'GenerationGone';
  }
}

/** Names the consumer that builds it, and with it its checkpoint. */
export function consumerOf({
  projection,
  version,
  generation,
}: Pick<Generation, 'projection' | 'version' | 'generation'>): string {
  return `${projection}-v${version}-g${generation}`;
}

/** The generation that readers of this version read: their own live one, or else the newest of another version. */
export function shownTo(version: number, generations: readonly Generation[]): Generation | undefined {
  const live = generations.filter(({ state }) => state === 'live');
  return live.find((each) => each.version === version) ?? live.at(-1);
}
