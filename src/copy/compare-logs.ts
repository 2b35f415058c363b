/**
 * Compares two logs while both are walked through, a page of each in turn. Per stream: how many events, and a digest over
 * all of each event. A stream is kept in memory only while the two differ, so as long as the logs are alike it is a page's
 * worth, however long they are.
 */
import { createHash } from 'node:crypto';
import type { CopiedEvent } from '../eventlog/log-copy.ts';
import { digestOf } from './copied-event.ts';

type Side = { events: number; digest: string };
type Sides = { readonly source: Side; readonly target: Side };

/** More streams than this differ: that they do is clear by then. */
const MOST_KEPT = 50_000;

export type Outcome = {
  /** Events of each. */
  readonly source: number;
  readonly target: number;
  readonly streams: number;
  /** Of the source's events in their order, hex: that of a target which has the same in the same order. */
  readonly digest: string;
  /** The same events in the same order. */
  readonly sameOrder: boolean;
  /** Names of the streams that differ, sorted. */
  readonly differing: readonly string[];
};

export class Comparison {
  readonly #kept = new Map<string, Sides>();
  readonly #whole: Sides = { source: nothing(), target: nothing() };
  #streams = 0;

  /** Events that each side was given so far. */
  get source(): number {
    return this.#whole.source.events;
  }

  get target(): number {
    return this.#whole.target.events;
  }

  get isHopeless(): boolean {
    return this.#kept.size > MOST_KEPT;
  }

  add(side: keyof Sides, event: CopiedEvent): void {
    const digest = digestOf(event);
    take(this.#whole[side], digest);
    if (side === 'source' && event.version === 0) this.#streams++;
    const sides = this.#kept.get(event.stream) ?? { source: nothing(), target: nothing() };
    take(sides[side], digest);
    if (isSame(sides)) this.#kept.delete(event.stream);
    else this.#kept.set(event.stream, sides);
  }

  outcome(): Outcome {
    return {
      source: this.source,
      target: this.target,
      streams: this.#streams,
      digest: this.#whole.source.digest,
      sameOrder: isSame(this.#whole),
      differing: [...this.#kept.keys()].sort(),
    };
  }
}

/** One stream that is not the same in both. */
export type Difference = {
  readonly stream: string;
  readonly source: Readonly<Side>;
  readonly target: Readonly<Side>;
  /** The first version at which they differ. */
  readonly version: number;
  /** `missing` in the target, `unknown` to the source, or which part of the event is another. */
  readonly what: 'missing' | 'unknown' | 'id' | 'type' | 'data' | 'metadata' | 'recordedAt';
};

/** Null when both are the same. */
export function differenceOf(
  stream: string,
  source: readonly CopiedEvent[],
  target: readonly CopiedEvent[],
): Difference | null {
  for (let place = 0; place < Math.max(source.length, target.length); place++) {
    const what = between(source[place], target[place]);
    if (what === null) continue;
    const version = Math.min(...[source[place], target[place]].flatMap((event) => event?.version ?? []));
    return { stream, source: sideOf(source), target: sideOf(target), version, what };
  }
  return null;
}

function between(
  source: CopiedEvent | undefined,
  target: CopiedEvent | undefined,
): Difference['what'] | null {
  if (target === undefined || (source !== undefined && source.version < target.version)) return 'missing';
  if (source === undefined || target.version < source.version) return 'unknown';
  if (source.type !== target.type) return 'type';
  if (!isAlike(source.data, target.data)) return 'data';
  if (!isAlike(source.metadata, target.metadata)) return 'metadata';
  if (source.recordedAt !== target.recordedAt) return 'recordedAt';
  return source.id === target.id ? null : 'id';
}

function isAlike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sideOf(events: readonly CopiedEvent[]): Side {
  const side = nothing();
  for (const event of events) take(side, digestOf(event));
  return side;
}

function nothing(): Side {
  return { events: 0, digest: '' };
}

/** Adds an event: the digest of many is that of the one before and of the event's own. */
function take(side: Side, digest: string): void {
  side.events++;
  side.digest = createHash('sha256').update(side.digest).update(digest).digest('hex');
}

function isSame({ source, target }: Sides): boolean {
  return source.events === target.events && source.digest === target.digest;
}
