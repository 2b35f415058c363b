/** How many chunked sessions pass at a 5 % stage until a test decides that chunked fails more. */
import { verdict } from '../support/eventlog-figures.ts';
import type { BenchTable } from '../table.ts';
import { medianAndP90, percentage, quantileOf, shareOf, whole } from './figures.ts';
import {
  BUSY_USERS,
  EACH_ONCE,
  FAILING_DEVICE,
  NIGHT_AND_DAY,
  type Population,
  whoRecords,
} from './population.ts';
import { type Random, randomFrom } from './random.ts';
import { progress, runs, SEED } from './runs.ts';
import { eveningStrain, SESSIONS_A_DAY, sessionHours } from './traffic.ts';
import { CONFIDENCE_SEQUENCE } from './watchers/confidence-sequence.ts';
import { dirichlet } from './watchers/dirichlet.ts';
import { fixedHorizon } from './watchers/fixed-horizon.ts';
import { groupSequential } from './watchers/group-sequential.ts';
import { mixtureSprt } from './watchers/msprt.ts';
import { ORACLE } from './watchers/oracle.ts';
import { GUARDRAIL, guardrailEvery } from './watchers/ours.ts';
import type { Rates, WatcherKind } from './watchers/watcher.ts';

const RUNS = 6_000;
const NULL_RUNS = 2_000;
/** A test that has not decided then never does. */
const MOST_CHUNKED = 1_000;

const TEN_AGAINST_FIVE: Rates = { chunked: 0.1, single: 0.05 };
const CELLS: readonly Rates[] = [
  { chunked: 1, single: 0.05 },
  { chunked: 0.4, single: 0.05 },
  { chunked: 0.2, single: 0.05 },
  { chunked: 0.15, single: 0.05 },
  TEN_AGAINST_FIVE,
  { chunked: 0.3, single: 0.1 },
];
const NO_DIFFERENCE: Rates = { chunked: 0.05, single: 0.05 };
/** Medians that must be reached, from the issue. */
const GOALS = new Map([
  ['20 % v 5 %', 46],
  ['10 % v 5 %', 260],
]);
const MOST_TIMES_ORACLE = 2.2;

const KINDS: readonly WatcherKind[] = [
  ORACLE,
  GUARDRAIL,
  guardrailEvery(6),
  guardrailEvery(24),
  dirichlet(100),
  dirichlet(10),
  mixtureSprt(0.05),
  CONFIDENCE_SEQUENCE,
  groupSequential(TEN_AGAINST_FIVE),
  groupSequential(),
  fixedHorizon(TEN_AGAINST_FIVE),
  fixedHorizon(),
];

type Cell = {
  readonly name: string;
  /** Chunked sessions until the decision, for each kind a value a run; Infinity when it never came. */
  readonly chunked: readonly (readonly number[])[];
};

export function detection(): BenchTable[] {
  const cells = CELLS.map((rates, cell) =>
    simulated(rates, KINDS, randomFrom(SEED + 200 + cell), runs(RUNS)),
  );
  return [goalsTable(cells), watchersTable(cells), populationsTable()];
}

function simulated(
  rates: Rates,
  kinds: readonly WatcherKind[],
  random: Random,
  times: number,
  population: Population = { ...EACH_ONCE, propensity: () => rates.single },
): Cell {
  const name = `${percentage(rates.chunked, 0)} v ${percentage(rates.single, 0)}`;
  progress(`detection: ${name}, ${population.name}`);
  const chunked = kinds.map((): number[] => []);
  const risk = rates.chunked / rates.single;
  for (let run = 0; run < times; run++) {
    const hours = sessionHours(random, 9);
    const next = whoRecords(population, random);
    const waiting = new Map(kinds.map(({ begin }, kind) => [kind, begin(rates)]));
    let seen = 0;
    while (waiting.size > 0 && seen < MOST_CHUNKED) {
      const hour = hours();
      const [user, { bucket, propensity }] = next();
      const isChunked = bucket <= 5;
      const strain = population.nightAndDay ? eveningStrain(hour) : 1;
      const failed = random.uniform() < propensity * strain * (isChunked ? risk : 1);
      if (isChunked) seen++;
      for (const [kind, decides] of waiting) {
        const decision = decides({ user, isChunked, failed, hour });
        if (decision === false) continue;
        chunked[kind]?.push(decision === true ? seen : Number.POSITIVE_INFINITY);
        waiting.delete(kind);
      }
    }
    for (const kind of waiting.keys()) chunked[kind]?.push(Number.POSITIVE_INFINITY);
  }
  return { name, chunked };
}

function goalsTable(cells: readonly Cell[]): BenchTable {
  const medianOf = ({ chunked }: Cell, kind: WatcherKind) =>
    quantileOf(chunked[KINDS.indexOf(kind)] ?? [], 0.5);
  return {
    title: 'Time to detection at a 5 % stage: the goals',
    intro: `Median (and 90th percentile) of the *chunked* sessions until the failure guardrail decides at α = 0.05, looked at after every failure; ${whole(runs(RUNS))} runs a cell, seed ${SEED}, each session another user. The oracle is Wald's SPRT on every chunked session, told both rates, which nobody can know: with the same threshold 1/α, no e-value is quicker. Goals from the issue, and never more than ${MOST_TIMES_ORACLE} times the oracle's median.`,
    columns: [
      'chunked v single fail',
      'guardrail',
      'goal',
      'oracle',
      `times the oracle, goal ≤ ${MOST_TIMES_ORACLE}`,
    ],
    rows: cells.map((cell) => {
      const [ours, oracle] = [medianOf(cell, GUARDRAIL), medianOf(cell, ORACLE)];
      const goal = GOALS.get(cell.name);
      const times = ours / oracle;
      return [
        cell.name,
        medianAndP90(cell.chunked[KINDS.indexOf(GUARDRAIL)] ?? []),
        goal === undefined ? '–' : `≤ ${goal}: ${verdict(ours <= goal)}`,
        medianAndP90(cell.chunked[KINDS.indexOf(ORACLE)] ?? []),
        `${times.toFixed(2)}: ${verdict(times <= MOST_TIMES_ORACLE)}`,
      ];
    }),
  };
}

/** Whoever is told the rates has nothing to plan for when they are the same. */
const UNTOLD = KINDS.filter((kind) => kind !== ORACLE && !kind.name.endsWith('planned for this'));

function watchersTable(cells: readonly Cell[]): BenchTable {
  const alike = simulated(NO_DIFFERENCE, UNTOLD, randomFrom(SEED + 298), runs(NULL_RUNS));
  const busy = simulated(NO_DIFFERENCE, UNTOLD, randomFrom(SEED + 299), runs(NULL_RUNS), BUSY_USERS);
  const alarms = ({ chunked }: Cell, kind: WatcherKind) => {
    const found = chunked[UNTOLD.indexOf(kind)];
    return found === undefined ? '–' : percentage(shareOf(found.map(Number.isFinite)));
  };
  return {
    title: 'Time to detection at a 5 % stage: other tests, in the same runs',
    intro: `Median (and 90th percentile) of chunked sessions until the decision; “never” when not within ${whole(MOST_CHUNKED)}, or when a planned test has ended without one. All at α = 0.05 for “chunked fails more”: what is two-sided and approximate runs at 2α, the Dirichlet mixture as published. The last two columns are false alarms when both arms fail alike, over ${whole(MOST_CHUNKED)} chunked sessions and ${whole(runs(NULL_RUNS))} runs: each session another user, and with busy users as above, whose sessions the other tests take for independent. “Every 6 h/24 h”: ${whole(SESSIONS_A_DAY)} sessions a day, most in the evening, entered at 9 o'clock.`,
    columns: [
      'test',
      'must know before',
      ...cells.map(({ name }) => name),
      'alarms, each user once',
      'alarms, busy users',
    ],
    rows: KINDS.map((kind, index) => [
      kind.name,
      kind.needs,
      ...cells.map(({ chunked }) => medianAndP90(chunked[index] ?? [])),
      alarms(alike, kind),
      alarms(busy, kind),
    ]),
  };
}

function populationsTable(): BenchTable {
  const many = { ...BUSY_USERS, name: 'busy users, 20,000 of them', users: 20_000 };
  const few = { ...BUSY_USERS, name: 'busy users, 2,000 of them' };
  const rows = [EACH_ONCE, NIGHT_AND_DAY, many, few, FAILING_DEVICE].map((population, index) => [
    population.name,
    ...[4, 2].map((risk) => {
      const random = randomFrom(SEED + 300 + 10 * index + risk);
      const rates = { chunked: 0.05 * risk, single: 0.05 };
      return medianAndP90(
        simulated(rates, [GUARDRAIL], random, runs(NULL_RUNS), population).chunked[0] ?? [],
      );
    }),
  ]);
  return {
    title: 'Time to detection at a 5 % stage: other populations',
    intro: `The same for the guardrail alone, when users are counted once though they record often (populations as above; the device among 2,000 users); ${whole(runs(NULL_RUNS))} runs, ${whole(MOST_CHUNKED)} chunked sessions at most. Whose first failure has been counted teaches nothing more in this stage: of 2,000 users 100 are chunked at 5 %, and most of those who ever fail fail in either arm. That is the price of being right about the sessions of one user; a larger percentage brings more users.`,
    columns: ['population', 'chunked fails 4 times as often', 'twice as often'],
    rows,
  };
}
