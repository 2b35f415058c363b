/** How often the guardrail speaks when nothing is wrong and it is looked at after every event. */
import { logHarmEValue } from '../../src/rollout/statistics/harm.ts';
import { count, type Strata } from '../../src/rollout/statistics/strata.ts';
import type { BenchTable } from '../table.ts';
import { countUsers } from './count-users.ts';
import { againstAlpha, percentage, shareOf, whole } from './figures.ts';
import { AT_5, AT_20, type Plan, SESSIONS, STAGED, WHEN_BETTER } from './plans.ts';
import {
  BUSY_USERS,
  EACH_ONCE,
  EVERYTHING,
  FAILING_DEVICE,
  NIGHT_AND_DAY,
  type Population,
  whoRecords,
} from './population.ts';
import { type Random, randomFrom } from './random.ts';
import { progress, runs, SEED } from './runs.ts';
import { eveningStrain, sessionHours } from './traffic.ts';
import { proportionsZ } from './watchers/proportions-z.ts';

const RUNS = 3_000;

const CELLS: readonly (readonly [Population, Plan])[] = [
  ...[EACH_ONCE, BUSY_USERS, NIGHT_AND_DAY, FAILING_DEVICE, EVERYTHING].flatMap((population) =>
    [AT_5, AT_20, STAGED].map((plan) => [population, plan] as const),
  ),
  [BUSY_USERS, WHEN_BETTER],
];

type Run = { readonly byUser: number; readonly bySession: number; readonly z: boolean };

export function falseAlarms(): BenchTable {
  const rows = CELLS.map(([population, plan], cell) => {
    progress(`false alarms: ${population.name}, ${plan.name}`);
    const random = randomFrom(SEED + cell);
    const found = Array.from({ length: runs(RUNS) }, () => oneRun(population, plan, random));
    const alarms = (peaks: readonly number[], alpha: number) =>
      shareOf(peaks.map((peak) => peak >= -Math.log(alpha)));
    const byUser = found.map((run) => run.byUser);
    const bySession = found.map((run) => run.bySession);
    return [
      population.name,
      plan.name,
      againstAlpha(alarms(byUser, 0.05), 0.05, byUser.length),
      againstAlpha(alarms(byUser, 0.01), 0.01, byUser.length),
      percentage(alarms(bySession, 0.05)),
      percentage(shareOf(found.map((run) => run.z))),
    ];
  });
  return {
    title: 'False alarms of the failure guardrail',
    intro: `Both arms fail alike, in 5 % of sessions on average; ${whole(SESSIONS)} sessions a run, ${whole(runs(RUNS))} runs a cell, seed ${SEED}; each test is looked at after every event. Goals: no more than α. Busy users: 2,000 of them, log-normal use (σ = 1.3), each with their own chance of failing (beta, 0.5 and 9.5); the failing device: 5 % of users, 60 % of whose sessions fail. The last two columns are warnings: the same e-value with *sessions* instead of users counted, and a one-sided z-test of the two failure rates looked at after every session, both at α = 0.05.`,
    columns: [
      'population',
      'stage',
      'guardrail, goal ≤ 5 %',
      'guardrail, goal ≤ 1 %',
      'counting sessions',
      'z-test, peeking',
    ],
    rows,
  };
}

function oneRun(population: Population, plan: Plan, random: Random): Run {
  const next = whoRecords(population, random);
  const hours = sessionHours(random, 9);
  const users = countUsers();
  const z = proportionsZ();
  let sessions: Strata = [];
  let [percent, stage, inStage] = [5, 0, 0];
  let ofStage = proportionsZ();
  let [byUser, bySession, zSpoke] = [0, 0, false];
  for (let session = 0; session < SESSIONS; session++) {
    const wanted = plan.percent(session, percent, inStage, () => ofStage.difference() <= 0);
    if (wanted !== percent) {
      stage++;
      [percent, inStage, ofStage] = [wanted, 0, proportionsZ()];
    }
    inStage++;
    const [number, user] = next();
    const strain = population.nightAndDay ? eveningStrain(hours()) : 1;
    const isChunked = user.bucket <= percent;
    const failed = random.uniform() < user.propensity * strain;
    z.add(isChunked, failed);
    ofStage.add(isChunked, failed);
    zSpoke ||= z.isReady() && z.value() > 1.645;
    if (!failed) continue;
    sessions = count(sessions, percent / 100, isChunked);
    bySession = Math.max(bySession, logHarmEValue(sessions));
    if (users.see(number, stage, percent, isChunked))
      byUser = Math.max(byUser, logHarmEValue(users.strata()));
  }
  return { byUser, bySession, z: zSpoke };
}
