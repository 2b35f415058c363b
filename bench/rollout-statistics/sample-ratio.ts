/** How often the sample-ratio test speaks when nothing is wrong, and how soon it does when a 5 % stage is not 5 %. */
import { decides } from '../../src/rollout/statistics/e-value.ts';
import { logEValue, logSampleRatioEValue } from '../../src/rollout/statistics/multinomial.ts';
import type { BenchTable } from '../table.ts';
import { countUsers } from './count-users.ts';
import { againstAlpha, medianAndP90, percentage, shareOf, whole } from './figures.ts';
import { AT_5, AT_20, type Plan, SESSIONS, STAGED } from './plans.ts';
import { BUSY_USERS, type Population, whoRecords } from './population.ts';
import { type Random, randomFrom } from './random.ts';
import { progress, runs, SEED } from './runs.ts';

const RUNS = 2_000;
const MOST_USERS = 60_000;
const POPULATION: Population = { ...BUSY_USERS, users: 5_000 };
const CONCENTRATIONS = [100, 1_000, 10_000];

export function sampleRatioFalseAlarms(): BenchTable {
  const rows = [AT_5, AT_20, STAGED].map((plan, cell) => {
    progress(`false alarms: sample ratio, ${plan.name}`);
    const random = randomFrom(SEED + 100 + cell);
    const peaks = Array.from({ length: runs(RUNS) }, () => sampleRatioPeak(plan, random));
    const against = (alpha: number) =>
      againstAlpha(shareOf(peaks.map((peak) => peak >= -Math.log(alpha))), alpha, peaks.length);
    return [plan.name, against(0.05), against(0.01), against(0.001)];
  });
  return {
    title: 'False alarms of the sample-ratio test',
    intro: `The arms are filled as they should be; ${whole(SESSIONS)} appearances a run of 5,000 busy users (who are counted again in the next stage, with what is then known of them), ${whole(runs(RUNS))} runs a cell, looked at after every user. Goals: no more than α.`,
    columns: ['stage', 'goal ≤ 5 %', 'goal ≤ 1 %', 'goal ≤ 0.1 %'],
    rows,
  };
}

function sampleRatioPeak(plan: Plan, random: Random): number {
  const users = countUsers();
  const next = whoRecords(POPULATION, random);
  let [percent, stage, peak] = [5, 0, 0];
  for (let session = 0; session < SESSIONS; session++) {
    const wanted = plan.percent(session, percent, 0, () => false);
    if (wanted !== percent) stage++;
    percent = wanted;
    const [number, user] = next();
    if (users.see(number, stage, percent, user.bucket <= percent))
      peak = Math.max(peak, logSampleRatioEValue(users.strata()));
  }
  return peak;
}

export function sampleRatioDetection(): BenchTable {
  const rows = [0.06, 0.04, 0.1].map((share, cell) => {
    progress(`sample ratio: ${percentage(share, 0)}`);
    const random = randomFrom(SEED + 800 + cell);
    const found = CONCENTRATIONS.map((): number[] => []);
    for (let run = 0; run < runs(RUNS); run++) {
      let [chunked, users] = [0, 0];
      let waiting = CONCENTRATIONS.map((_, i) => i);
      while (waiting.length > 0 && users < MOST_USERS) {
        users++;
        if (random.uniform() < share) chunked++;
        const decided = (i: number) =>
          decides(logEValue([chunked, users - chunked], [0.05, 0.95], CONCENTRATIONS[i]), 0.001);
        for (const i of waiting.filter(decided)) {
          found[i]?.push(users);
          waiting = waiting.filter((each) => each !== i);
        }
      }
      for (const i of waiting) found[i]?.push(Number.POSITIVE_INFINITY);
    }
    return [percentage(share, 0), ...found.map(medianAndP90)];
  });
  return {
    title: 'Sample ratio: until a wrong 5 % is noticed',
    intro: `Median (and 90th percentile) of the users of both arms until the sample-ratio test decides at α = 0.001, looked at after every user; ${whole(runs(RUNS))} runs. k is the concentration of the Dirichlet mixture; 100 is built in.`,
    columns: ['it really is', ...CONCENTRATIONS.map((k) => `k = ${whole(k)}`)],
    rows,
  };
}
