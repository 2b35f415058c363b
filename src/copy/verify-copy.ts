/** Whether a copy is what it was copied from: both logs read from end to end, and compared. */
import type { Position } from '../eventlog/event-log.ts';
import type { PlacedEvent } from '../eventlog/log-copy.ts';
import { Comparison, type Difference, differenceOf, type Outcome } from './compare-logs.ts';
import { withId } from './copied-event.ts';
import type { Logs } from './copy-events.ts';

/** Where both logs are alike up to here; null: at the start. */
export type Verified = { readonly source: Position | null; readonly target: Position | null };

export type Verification = Outcome & {
  readonly upTo: Verified;
  /** The first streams that differ, and how. */
  readonly differences: readonly Difference[];
  readonly agrees: boolean;
};

export type VerifyOptions = {
  /** What is behind it is compared. */
  readonly from?: Verified;
  readonly signal: AbortSignal;
  readonly onCompared: (events: number) => void;
};

const PAGE = 500;
const MOST_NAMED = 10;
const START: Verified = { source: null, target: null };

/**
 * Compares all that the target holds when it begins with as much of the source. What the source was given since, or what
 * was not copied yet, is not looked at.
 * @throws EventLogUnavailable, or what the signal was aborted with
 */
export async function verifyCopy(
  { source, target }: Logs,
  { from = START, signal, onCompared }: VerifyOptions,
): Promise<Verification> {
  const end = await target.newest();
  const upTo: Verified = { source: await counterpart(end), target: end?.position ?? null };
  const comparison = new Comparison();
  const sides = {
    source: sourcePages(upTo.source),
    target: targetPages(upTo.target),
  };
  const over = { source: false, target: false };
  while (!(over.source && over.target) && !comparison.isHopeless) {
    signal.throwIfAborted();
    // The one that is behind goes on, so that what differs only for the moment is a page at most.
    const side =
      over.source || (!over.target && comparison.target <= comparison.source) ? 'target' : 'source';
    const page = await sides[side].next();
    if (page.done) over[side] = true;
    else for (const event of page.value) comparison.add(side, event);
    onCompared(comparison.target);
  }
  await Promise.all([sides.source.return(undefined), sides.target.return(undefined)]);
  signal.throwIfAborted();
  const outcome = comparison.outcome();
  const differences: Difference[] = [];
  for (const stream of outcome.differing.slice(0, MOST_NAMED)) {
    const recorded = (await source.log.read(stream)).filter(
      ({ position }) => upTo.source !== null && !source.isBefore(upTo.source, position),
    );
    const difference = differenceOf(stream, recorded.map(withId), await target.read(stream));
    if (difference !== null) differences.push(difference);
  }
  return {
    ...outcome,
    upTo,
    differences,
    agrees: outcome.differing.length === 0 && outcome.sameOrder,
  };

  /** Where the source is when the target ends so; all of it, when that event is none of its own. */
  async function counterpart(event: PlacedEvent | null): Promise<Position | null> {
    if (event === null) return null;
    const [recorded] = await source.log.read(event.stream, event.version);
    return recorded?.position ?? (await source.newest());
  }

  async function* sourcePages(last: Position | null): AsyncGenerator<readonly PlacedEvent[]> {
    if (last === null || !source.isBefore(from.source, last)) return;
    const options = { from: from.source ?? ('start' as const), signal, batchSize: PAGE };
    for await (const { events, position } of source.log.subscribe(options)) {
      yield events.filter((event) => !source.isBefore(last, event.position)).map(withId);
      if (!source.isBefore(position, last)) return;
    }
  }

  async function* targetPages(last: Position | null): AsyncGenerator<readonly PlacedEvent[]> {
    if (last === null) return;
    for await (const events of target.forwards(from.target)) {
      yield events.filter(({ position }) => !target.isBefore(last, position));
      const reached = events.at(-1)?.position;
      if (reached !== undefined && !target.isBefore(reached, last)) return;
    }
  }
}
