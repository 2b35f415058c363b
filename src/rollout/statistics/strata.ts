/**
 * Counted users by the chance each had to be chunked: all that any of the e-values needs, whatever the order in which
 * they came. JSON; a rollout of four stages has about ten strata.
 */

export type Strata = readonly {
  /** The chance of being chunked, in (0, 1), as `shareGiven` says it. */
  readonly share: number;
  readonly chunked: number;
  readonly total: number;
}[];

/** Shares are the same when they agree in 12 digits: the same fraction reached by two ways is one stratum. */
const DIGITS = 1e12;

/** The strata with one more counted user; ordered by share, so that equal counts are equal values. */
export function count(strata: Strata, share: number, isChunked: boolean): Strata {
  const key = Math.round(share * DIGITS) / DIGITS;
  const one = isChunked ? 1 : 0;
  const known = strata.find((stratum) => stratum.share === key);
  const counted = { share: key, chunked: (known?.chunked ?? 0) + one, total: (known?.total ?? 0) + 1 };
  return [...strata.filter((stratum) => stratum !== known), counted].sort((a, b) => a.share - b.share);
}

export function totals(strata: Strata): { chunked: number; total: number } {
  let [chunked, total] = [0, 0];
  for (const stratum of strata) {
    chunked += stratum.chunked;
    total += stratum.total;
  }
  return { chunked, total };
}

/** How many of the counted would be chunked if the arm made no difference. */
export function expectedChunked(strata: Strata): number {
  return strata.reduce((sum, { share, total }) => sum + share * total, 0);
}
