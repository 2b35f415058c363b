/**
 * The difference of the arms' mean log times and its standard error, with users as clusters.
 *
 * In each stage the difference of two ratio estimators ΣS/ΣN over users; over the stages their mean weighted by inverse
 * variance, so that a change of percentage cannot pass for an effect (Simpson's paradox). Its variance counts the users
 * whom stages share (see moments.ts).
 */
import type { Arm } from './bucket.ts';
import { linkTo, type Moments, type Products } from './moments.ts';

export type StageTimes = { readonly stage: number; readonly chunked: Moments; readonly single: Moments };

export type ClusteredDifference = {
  readonly estimate: number;
  readonly standardError: number;
  /** Grows as the information does: Σ over the stages of 1/(1/chunked users + 1/single users). */
  readonly n: number;
};

/**
 * The error of fewer is too uncertain: over stages, 5 % intervals left out the truth in 6.1 % of runs from ten users on, in
 * 4.9 % from twenty, in 4.4 % from thirty (bench rollout-statistics).
 */
export const FEWEST_USERS = 30;

/** Mean log time of chunked minus that of single; null when no stage has thirty users in both arms. */
export function clusteredDifference(
  stages: readonly StageTimes[],
  fewest: number = FEWEST_USERS,
): ClusteredDifference | null {
  const compared = stages
    .filter(({ chunked, single }) => Math.min(chunked.users, single.users) >= fewest)
    .map((stage) => ({ ...differenceOf(stage), cells: cellsOf(stage) }));
  // A variance of 0 (every time the same) would weigh infinitely.
  const precisions = compared.map(({ variance }) => 1 / Math.max(variance, Number.EPSILON));
  const total = precisions.reduce((sum, precision) => sum + precision, 0);
  if (total === 0) return null;
  const weightOf = (stage: number) => (precisions[stage] ?? 0) / total;
  let [estimate, variance, n] = [0, 0, 0];
  for (const [i, stage] of compared.entries()) {
    estimate += weightOf(i) * stage.difference;
    variance += weightOf(i) ** 2 * stage.variance;
    n += stage.n;
    for (const [j, earlier] of compared.slice(0, i).entries())
      variance += 2 * weightOf(i) * weightOf(j) * covariance(stage.cells, earlier.cells);
  }
  return { estimate, standardError: Math.sqrt(Math.max(0, variance)), n };
}

function differenceOf({ chunked, single }: StageTimes): { difference: number; variance: number; n: number } {
  return {
    difference: mean(chunked) - mean(single),
    variance: varianceOfMean(chunked) + varianceOfMean(single),
    n: 1 / (1 / chunked.users + 1 / single.users),
  };
}

function mean({ sum, n }: Moments): number {
  return sum / n;
}

/** Linearised: the users' residuals S − μN, squared and summed, by (ΣN)². */
function varianceOfMean(moments: Moments): number {
  const { users, n, nn, ns, ss } = moments;
  const mu = mean(moments);
  const residuals = Math.max(0, ss - 2 * mu * ns + mu ** 2 * nn);
  return (users / (users - 1)) * (residuals / n ** 2);
}

type Cell = { readonly key: string; readonly moments: Moments; readonly sign: 1 | -1 };

function cellsOf({ stage, chunked, single }: StageTimes): readonly Cell[] {
  const cell = (arm: Arm, moments: Moments, sign: 1 | -1): Cell => ({
    key: linkTo(stage, arm),
    moments,
    sign,
  });
  return [cell('chunked', chunked, 1), cell('single', single, -1)];
}

/** Of two stages' differences: through the users whom they share. */
function covariance(one: readonly Cell[], other: readonly Cell[]): number {
  let sum = 0;
  for (const a of one) {
    for (const b of other) {
      const products = [a.moments.links[b.key], turned(b.moments.links[a.key])];
      const [muA, muB] = [mean(a.moments), mean(b.moments)];
      for (const p of products) {
        if (p === undefined) continue;
        const residuals = p.ss - muA * p.ns - muB * p.sn + muA * muB * p.nn;
        sum += (a.sign * b.sign * residuals) / (a.moments.n * b.moments.n);
      }
    }
  }
  return sum;
}

function turned(products: Products | undefined): Products | undefined {
  if (products === undefined) return undefined;
  const { nn, ns, sn, ss } = products;
  return { nn, ns: sn, sn: ns, ss };
}
