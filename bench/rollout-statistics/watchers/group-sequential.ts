/**
 * A group-sequential test with O'Brien–Fleming-like α-spending (Lan & DeMets 1983), as Spotify uses: ten looks, equally
 * far apart, up to the largest sample, which has to be planned. One-sided.
 */
import { errorFunction } from 'simple-statistics';
import { randomFrom } from '../random.ts';
import { SEED } from '../runs.ts';
import { proportionsZ } from './proportions-z.ts';
import { chunkedSessionsNeeded } from './sample-size.ts';
import { ALPHA, type Rates, type WatcherKind } from './watcher.ts';

const LOOKS = 10;
/** By about how much the largest sample has to exceed a fixed one for the same power, with ten looks. */
const INFLATION = 1.04;
const PATHS = 200_000;

/** @param planned the rates it is planned for; without them the very rates of the cell, which nobody knows. */
export function groupSequential(planned?: Rates): WatcherKind {
  const name = `group-sequential, ${LOOKS} looks, planned for`;
  return {
    name: planned === undefined ? `${name} this` : `${name} 10 % v 5 %`,
    needs: 'rates and largest sample',
    begin: (rates) => {
      const seen = proportionsZ();
      const largest = Math.ceil(INFLATION * chunkedSessionsNeeded(planned ?? rates));
      const boundaries = obrienFlemingBoundaries();
      const looks = boundaries.map((_, look) => Math.ceil((largest * (look + 1)) / LOOKS));
      return ({ isChunked, failed }) => {
        seen.add(isChunked, failed);
        if (!isChunked) return false;
        const look = looks.lastIndexOf(seen.chunked());
        if (look >= 0 && seen.value() > (boundaries[look] ?? Number.POSITIVE_INFINITY)) return true;
        return look === LOOKS - 1 ? 'never' : false;
      };
    },
  };
}

let known: readonly number[] | undefined;

/** z at each look, from simulated Brownian paths: the spent α is exact on them, so boundaries are good to about 0.01. */
function obrienFlemingBoundaries(): readonly number[] {
  known ??= simulatedBoundaries();
  return known;
}

function simulatedBoundaries(): readonly number[] {
  const random = randomFrom(SEED);
  let sums = new Float64Array(PATHS);
  const boundaries: number[] = [];
  for (let look = 1; look <= LOOKS; look++) {
    sums = sums.map((sum) => sum + random.normal());
    const stopped = PATHS - sums.length;
    const toStop = Math.round(PATHS * spentBy(look / LOOKS)) - stopped;
    const sorted = sums.toSorted();
    const highest = sorted.length - toStop;
    const boundary = toStop > 0 ? (sorted[highest] ?? 0) : Number.POSITIVE_INFINITY;
    boundaries.push(boundary / Math.sqrt(look));
    sums = sums.filter((sum) => sum < boundary);
  }
  return boundaries;
}

/** α spent when the share `time` of the information is there. */
function spentBy(time: number): number {
  // Φ⁻¹(1 − α/2) of α = 0.05.
  const z = 1.959964 / Math.sqrt(time);
  return time >= 1 ? ALPHA : 1 - errorFunction(z / Math.SQRT2);
}
