import type { ParkedStream } from './consumer-store.ts';
import type { Projection } from './projection.ts';
import { consumerOf, type Generation, type Read, shownTo } from './projection-store.ts';
import type { ProjectionView } from './projections.ts';
import { rebuildProgress } from './rebuild-progress.ts';

export type ProjectionFacts = {
  /** Of this projection, all that are not removed. */
  readonly generations: readonly Generation[];
  readonly parked: readonly ParkedStream[];
  /** How far the building one has come; null when none is. */
  readonly read: Read | null;
  /** ISO 8601, UTC. */
  readonly now: string;
};

/** How a projection stands, as those see it who run nodes of this version. */
export function projectionView(
  { name, version }: Pick<Projection, 'name' | 'version'>,
  { generations, parked, read, now }: ProjectionFacts,
): ProjectionView {
  const shown = shownTo(version, generations);
  const building = buildingOf(version, generations);
  const parkedOf = (generation: Generation) =>
    parked.filter(({ consumer }) => consumer === consumerOf(generation)).map(({ stream }) => stream);
  return {
    name,
    version,
    live:
      shown === undefined
        ? null
        : { generation: shown.generation, version: shown.version, swappedAt: shown.swappedAt },
    building:
      building === undefined
        ? null
        : {
            generation: building.generation,
            state: isBlocked(parkedOf(building), shown === undefined ? null : parkedOf(shown))
              ? 'blocked'
              : 'building',
            parkedStreams: parkedOf(building).length,
            since: building.requestedAt,
            requestedBy: building.requestedBy,
            ...rebuildProgress(read ?? { done: 0, total: 0 }, building.requestedAt, now),
          },
  };
}

export function buildingOf(version: number, generations: readonly Generation[]): Generation | undefined {
  return generations.find((each) => each.version === version && each.state === 'building');
}

/** As `maySwap` says. */
function isBlocked(here: readonly string[], shown: readonly string[] | null): boolean {
  return shown !== null && here.some((stream) => !shown.includes(stream));
}
