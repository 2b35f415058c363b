/**
 * How a consumer is split, and what follows when that changes. A new layout begins where the slowest partition of the one
 * before had come. What the faster ones had handled behind that place is kept as a layer, and passed over.
 *
 *   2 partitions  ├────0────┤        │          3 partitions begin at the end of 0, and pass over what is of the
 *                 ├────1────────────┤│          streams of 1, until they are behind its end
 */
import type { Position, RecordedEvent } from './event-log.ts';
import type { LogIndex } from './log-index.ts';
import { partitionOf } from './partition.ts';

type IsBefore = LogIndex['isBefore'];

/** How far each of so many partitions has handled its streams; null: nothing yet. */
export type Layer = { readonly partitions: number; readonly handledTo: readonly (Position | null)[] };

/** `before`: what layouts of before had handled further than this one began; at most one of each number of partitions. */
export type Layout = Layer & { readonly before: readonly Layer[] };

/** The same work in so many partitions. */
export function changeLayout(
  { partitions, handledTo, before }: Layout,
  to: number,
  isBefore: IsBefore,
): Layout {
  const from = lowest(handledTo, isBefore);
  const layers = [{ partitions, handledTo }, ...before].filter((layer) => !isPast(layer, from, isBefore));
  return {
    partitions: to,
    handledTo: Array.from({ length: to }, () => from),
    before: layers.reduce<Layer[]>((merged, layer) => mergeLayer(merged, layer, isBefore), []),
  };
}

/** Two layers of as many partitions are one: of each partition, the further. So there are never more than numbers. */
function mergeLayer(layers: readonly Layer[], layer: Layer, isBefore: IsBefore): Layer[] {
  const same = layers.find(({ partitions }) => partitions === layer.partitions);
  if (same === undefined) return [...layers, layer];
  const handledTo = same.handledTo.map((one, partition) => {
    const other = layer.handledTo[partition] ?? null;
    return isBefore(one, other) ? other : one;
  });
  return layers.map((each) => (each === same ? { ...same, handledTo } : each));
}

/** The slowest partition's: everything up to there is handled. */
export function lowest(handledTo: Layer['handledTo'], isBefore: IsBefore): Position | null {
  return handledTo.reduce((least, each) => (isBefore(each, least) ? each : least), handledTo[0] ?? null);
}

/** Who has come there finds nothing more that the layer had handled. */
export function isPast({ handledTo }: Layer, position: Position | null, isBefore: IsBefore): boolean {
  return handledTo.every((each) => !isBefore(position, each));
}

/**
 * Tells of events, asked in the log's order, whether a layer had handled them; layers that are past are forgotten, so in
 * the end it costs nothing.
 */
export function handledBefore(
  layers: readonly Layer[],
  isBefore: IsBefore,
): (event: Pick<RecordedEvent, 'stream' | 'position'>) => boolean {
  let left = layers;
  return ({ stream, position }) => {
    if (left.length === 0) return false;
    const had = left.some(
      ({ partitions, handledTo }) => !isBefore(handledTo[partitionOf(stream, partitions)] ?? null, position),
    );
    if (!had) left = left.filter(({ handledTo }) => handledTo.some((to) => !isBefore(to, position)));
    return had;
  };
}
