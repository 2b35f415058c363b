/** Whether the intervals of the time ratio hold whenever one looks, and from how many users on. */
import { clusteredDifference } from '../../src/rollout/statistics/clustered-difference.ts';
import type { Interval } from '../../src/rollout/statistics/interval.ts';
import { differenceOfMeans } from '../../src/rollout/statistics/mean-difference.ts';
import type { BenchTable } from '../table.ts';
import { againstAlpha, percentage, shareOf, whole } from './figures.ts';
import {
  AT_5,
  AT_20,
  AT_50,
  BETWEEN_USERS,
  drawTimes,
  HEAVY,
  LOG_NORMAL,
  LOYAL,
  MANY,
  measured,
  type Plan,
  SESSIONS,
  STAGED,
  STRANGERS,
  stageAt,
  type Times,
  type Units,
  WITHIN_USER,
} from './log-times.ts';
import type { Population } from './population.ts';
import { type Random, randomFrom } from './random.ts';
import { progress, runs, SEED } from './runs.ts';

const RUNS = 2_000;
const ALPHA = 0.05;

const CELLS: readonly (readonly [Population, Times, Plan])[] = [
  [STRANGERS, LOG_NORMAL, AT_5],
  [MANY, LOG_NORMAL, AT_5],
  [MANY, HEAVY, AT_5],
  [MANY, LOG_NORMAL, AT_20],
  [MANY, LOG_NORMAL, AT_50],
  [MANY, LOG_NORMAL, STAGED],
  [LOYAL, LOG_NORMAL, AT_50],
  [LOYAL, LOG_NORMAL, STAGED],
  [LOYAL, HEAVY, STAGED],
];

type Way = Units | 'fixed';

/** Which ways of computing an interval ever leave out the truth. */
function missesOf(population: Population, times: Times, plan: Plan, random: Random): ReadonlySet<Way> {
  const truth = Math.log(0.5);
  const draw = drawTimes(population, times, truth, random);
  const isStaged = plan.percents.length > 1;
  const units = (isStaged ? ['users', 'strangers', 'sessions'] : ['users', 'sessions']) as Units[];
  const ways = units.map((unit) => ({ unit, moments: measured(unit) }));
  const missed = new Set<Way>();
  for (let session = 0; session < SESSIONS; session++) {
    const stage = stageAt(plan, session);
    const [user, isChunked, logMs] = draw(plan.percents[stage] ?? 50, stage);
    for (const { unit, moments } of ways) {
      moments.add(user, stage, isChunked, logMs);
      if (!missed.has(unit) && leavesOut(differenceOfMeans(moments.stages, ALPHA), truth)) missed.add(unit);
      if (unit !== 'users' || missed.has('fixed')) continue;
      const difference = clusteredDifference(moments.stages);
      if (difference === null) continue;
      const { estimate, standardError } = difference;
      if (Math.abs(estimate - truth) > 1.96 * standardError) missed.add('fixed');
    }
  }
  return missed;
}

function leavesOut(interval: Interval | null, truth: number): boolean {
  return interval !== null && (interval.low > truth || interval.high < truth);
}

export function coverage(): BenchTable {
  const rows = CELLS.map(([population, times, plan], cell) => {
    progress(`time ratio: ${population.name}, ${times.name}, ${plan.name}`);
    const random = randomFrom(SEED + 400 + cell);
    const found = Array.from({ length: runs(RUNS) }, () => missesOf(population, times, plan, random));
    const share = (way: Way) => shareOf(found.map((missed) => missed.has(way)));
    return [
      population.name,
      times.name,
      plan.name,
      againstAlpha(share('users'), ALPHA, found.length),
      plan.percents.length > 1 ? percentage(share('strangers')) : '–',
      percentage(share('sessions')),
      percentage(share('fixed')),
    ];
  });
  return {
    title: 'Time ratio: how often the interval ever leaves out the truth',
    intro: `Log-normal times of users who differ (σ = ${BETWEEN_USERS}) and whose sessions differ (σ = ${WITHIN_USER}); heavy-tailed: one session in twenty takes eight times as long. Chunked takes half the time. ${whole(SESSIONS)} sessions, an interval at α = ${ALPHA} after every one, ${whole(runs(RUNS))} runs. Goal: no more than 5 %. The other columns are warnings: taking the users of another stage for strangers, every session for a stranger, or a fixed-n 95 % interval looked at after every session.`,
    columns: [
      'users',
      'times',
      'stage',
      'as built, goal ≤ 5 %',
      'stages as strangers',
      'sessions as strangers',
      'fixed-n, peeking',
    ],
    rows,
  };
}

export function fewestUsers(): BenchTable {
  const limits = [5, 10, 20, 30];
  const cells = [
    [MANY, LOG_NORMAL, AT_5],
    [MANY, HEAVY, AT_5],
    [MANY, LOG_NORMAL, STAGED],
  ] as const;
  const rows = cells.map(([population, times, plan], cell) => {
    progress(`fewest users: ${population.name}, ${times.name}, ${plan.name}`);
    const random = randomFrom(SEED + 500 + cell);
    const found = Array.from({ length: runs(RUNS) }, () => {
      const draw = drawTimes(population, times, 0, random);
      const moments = measured('users');
      const missed = limits.map(() => false);
      for (let session = 0; session < SESSIONS; session++) {
        const stage = stageAt(plan, session);
        const [user, isChunked, logMs] = draw(plan.percents[stage] ?? 50, stage);
        moments.add(user, stage, isChunked, logMs);
        for (const [i, limit] of limits.entries())
          missed[i] ||= leavesOut(differenceOfMeans(moments.stages, ALPHA, limit), 0);
      }
      return missed;
    });
    return [
      population.name,
      times.name,
      plan.name,
      ...limits.map((_, i) => percentage(shareOf(found.map((missed) => missed[i] === true)))),
    ];
  });
  return {
    title: 'Time ratio: from how many users on',
    intro:
      'The same share when nothing is said until each arm has so many users. The intervals are asymptotic: with few users their error is too uncertain. Thirty is built in.',
    columns: ['users', 'times', 'stage', ...limits.map((limit) => `from ${limit} users`)],
    rows,
  };
}
