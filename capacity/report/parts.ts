/** All tables of a study, by the part of the page in which they stand. */
import { type BenchTable, tableMarkdown } from '../../bench/table.ts';
import type { MeasuredCheck } from '../model/check.ts';
import { HOP_SECONDS } from '../model/check.ts';
import { CALLS_PER_NODE, JOBS_PER_NODE } from '../model/sizing.ts';
import type { Deployment } from '../simulation/deployment.ts';
import { busiestMinutes, fullness, reliefs, type Sized, type Study, simulatedDay, sized } from '../study.ts';
import { armsTable, billTable, deploySizingTable, pricesTable, sizingTable } from './load-tables.ts';
import { checkTable, unitCostTables } from './measured-tables.ts';
import { dayTable, fullnessTable, reliefTable } from './simulation-tables.ts';

/** Marks of docs/capacity.md, and of docs/deploy.md (`deploy`). */
export type Part = 'unit-costs' | 'check' | 'sizing' | 'bill' | 'day' | 'saturation' | 'deploy';
export type Parts = Partial<Record<Part, string>>;

/** Beside the loads that were asked for, so that a small service finds itself, too. */
const ALSO_SIZED = [10_000, 100_000];
const LEAST: Pick<Deployment, 'apiNodes' | 'workerNodes' | 'postgresCpus'> = {
  apiNodes: 2,
  workerNodes: 2,
  postgresCpus: 2,
};

type Options = {
  readonly perDay: readonly number[];
  readonly simulation: boolean;
  /** Null: there was none. */
  readonly check: MeasuredCheck | null;
  readonly note: (line: string) => void;
};

export function partsOf(study: Study, { perDay, simulation, check, note }: Options): Parts {
  const { assumptions, measured } = study;
  const largest = Math.max(...perDay);
  const loads = perDay.map((each) => sized(study, each));
  const all = [...ALSO_SIZED.filter((each) => each < largest && !perDay.includes(each)), ...perDay]
    .sort((a, b) => a - b)
    .map((each) => sized(study, each));
  const arm = (shareChunked: number) =>
    sized({ ...study, assumptions: { ...assumptions, shareChunked } }, Math.min(...perDay));
  return {
    'unit-costs': markdown(unitCostTables(measured)),
    ...(check === null ? {} : { check: markdown([checkTable(check)]) }),
    sizing: markdown([sizingTable(all, assumptions)]),
    bill: markdown([billTable(all, assumptions), armsTable(arm(1), arm(0), assumptions), pricesTable()]),
    deploy: markdown([deploySizingTable(all, assumptions)]),
    ...(simulation ? simulated(study, loads, note) : {}),
  };
}

function simulated(study: Study, loads: readonly Sized[], note: (line: string) => void): Parts {
  const { assumptions, seed } = study;
  const days = loads.map((load) => {
    note(`a day of ${load.perDay.toLocaleString('en')} recordings`);
    const day = simulatedDay(study, load);
    note('its busiest minutes, all of it');
    return dayTable(load, day, busiestMinutes(study, load), seed);
  });
  note('one bottleneck after the other');
  // From there on the order comes again, of parts twice as large.
  const goal = loads.reduce((least, load) => (load.perDay < least.perDay ? load : least));
  const least: Deployment = {
    ...LEAST,
    jobsPerNode: JOBS_PER_NODE,
    providerCalls: LEAST.workerNodes * CALLS_PER_NODE,
    hopSeconds: HOP_SECONDS,
    appendSeconds: study.measured.appendMs / 1_000,
    oneMachine: null,
  };
  const steps = reliefs(study, least, goal.demand.peakPerSecond);
  const full = loads.map((load) => fullnessTable(load, fullness(study, load), assumptions));
  return {
    day: markdown(days),
    saturation: markdown([...full, reliefTable(steps, goal, assumptions, seed)]),
  };
}

function markdown(tables: readonly BenchTable[]): string {
  return tables
    .map((table) => tableMarkdown(table))
    .join('\n')
    .trimEnd();
}
