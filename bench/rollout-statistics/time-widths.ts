/** How wide the intervals of the time ratio are, and when they show a gain. */
import { clusteredDifference } from '../../src/rollout/statistics/clustered-difference.ts';
import { differenceOfMeans } from '../../src/rollout/statistics/mean-difference.ts';
import type { BenchTable } from '../table.ts';
import { medianAndP90, whole } from './figures.ts';
import { AT_5, AT_20, AT_50, drawTimes, LOG_NORMAL, MANY, measured, SESSIONS } from './log-times.ts';
import { randomFrom } from './random.ts';
import { progress, runs, SEED } from './runs.ts';

const RUNS = 2_000;
const ALPHA = 0.05;
/** A gain that is not shown by then is called never. */
const MOST_SESSIONS = 20_000;

export function widths(): BenchTable {
  const at = [200, 1_000, 5_000];
  const rows = [AT_5, AT_20, AT_50].map((plan, cell) => {
    progress(`widths: ${plan.name}`);
    const random = randomFrom(SEED + 600 + cell);
    const factors = at.map((): { ours: number; fixed: number }[] => []);
    for (let run = 0; run < runs(RUNS); run++) {
      const draw = drawTimes(MANY, LOG_NORMAL, 0, random);
      const moments = measured('users');
      for (let session = 1; session <= SESSIONS; session++) {
        const [user, isChunked, logMs] = draw(plan.percents[0] ?? 50, 0);
        moments.add(user, 0, isChunked, logMs);
        const place = at.indexOf(session);
        if (place < 0) continue;
        const [ours, fixed] = [differenceOfMeans(moments.stages, ALPHA), clusteredDifference(moments.stages)];
        if (ours === null || fixed === null) continue;
        factors[place]?.push({ ours: (ours.high - ours.low) / 2, fixed: 1.96 * fixed.standardError });
      }
    }
    const mean = (values: readonly number[]) =>
      Math.exp(values.reduce((sum, x) => sum + x, 0) / values.length);
    return [
      plan.name,
      ...factors.map((each) =>
        each.length < runs(RUNS) / 2
          ? 'too few users'
          : `× ${mean(each.map(({ ours }) => ours)).toFixed(2)} (${mean(each.map(({ fixed }) => fixed)).toFixed(2)})`,
      ),
    ];
  });
  return {
    title: 'Time ratio: how wide the interval is',
    intro: `Mean factor from the estimate to either bound (in brackets: of a fixed-n 95 % interval, which may be looked at once); ${MANY.name}, log-normal times, no difference.`,
    columns: ['stage', ...at.map((sessions) => `after ${whole(sessions)} sessions`)],
    rows,
  };
}

export function gains(): BenchTable {
  const rows = ([AT_5, AT_20, AT_50] as const).map((plan, cell) => [
    plan.name,
    ...[0.8, 0.5].map((ratio) => {
      progress(`gain: ${plan.name}, ${ratio}`);
      const random = randomFrom(SEED + 700 + 10 * cell + 10 * ratio);
      const found = Array.from({ length: runs(RUNS) }, () => {
        const draw = drawTimes(MANY, LOG_NORMAL, Math.log(ratio), random);
        const moments = measured('users');
        for (let session = 1; session <= MOST_SESSIONS; session++) {
          const [user, isChunked, logMs] = draw(plan.percents[0] ?? 50, 0);
          moments.add(user, 0, isChunked, logMs);
          if ((differenceOfMeans(moments.stages, ALPHA)?.high ?? 1) < 0) return session;
        }
        return Number.POSITIVE_INFINITY;
      });
      return medianAndP90(found);
    }),
  ]);
  return {
    title: 'Time ratio: when a gain is shown',
    intro: `Median (and 90th percentile) of the sessions of *both* arms until the whole interval is below 1, looked at after every one; ${MANY.name}, log-normal times, ${whole(runs(RUNS))} runs. “Never”: not within ${whole(MOST_SESSIONS)}; of 4,000 users 200 are chunked at 5 %, and how users differ is then what limits.`,
    columns: ['stage', 'chunked takes 20 % less', 'chunked takes 50 % less'],
    rows,
  };
}
