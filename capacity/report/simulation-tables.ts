/** The tables of what was simulated. */
import type { BenchTable } from '../../bench/table.ts';
import type { Assumptions } from '../assumptions.ts';
import { DAY_SECONDS } from '../model/demand.ts';
import { type LimitedPart, RELIEF } from '../model/saturation.ts';
import type { Deployment, PartName } from '../simulation/deployment.ts';
import type { Fullness, Relief, SimulatedDay, Sized, Waits } from '../study.ts';
import { count, percent, seconds, short } from './written.ts';

const PARTS: Readonly<Record<PartName, string>> = {
  api: 'nodes that answer',
  worker: 'nodes that work',
  jobs: 'places for jobs',
  provider: 'calls to the provider',
  postgres: 'PostgreSQL',
  machine: 'the machine',
};

const WAITS_COLUMNS = ['stop → transcript, p95', 'stop → entry, median', 'p95', 'p99'];

function waitsOf({ transcriptP95, entryP50, entryP95, entryP99 }: Waits): string[] {
  return [transcriptP95, entryP50, entryP95, entryP99].map(seconds);
}

export function dayTable(
  { perDay, sizing }: Sized,
  { divisor, hours }: SimulatedDay,
  exact: { readonly recordings: number; readonly waits: Waits },
  seed: number,
): BenchTable {
  const share =
    divisor === 1 ? 'All of it' : `One recording in ${count(divisor)} on as small a share of every part`;
  return {
    title: `A day of ${short(perDay)} recordings`,
    intro: `Simulated (seed ${seed}) on ${sizing.apiNodes} nodes that answer, ${sizing.workerNodes} that work and ${sizing.postgresCpus} vCPU of PostgreSQL, by the hour in which people stop. ${share}. Busiest: the part that was busy for the largest share of the hour. Waiting: at the longest, of the whole load. The last row: minutes at the peak’s rate, all of it (${exact.recordings.toLocaleString('en')} recordings counted).`,
    columns: ['hour', 'recordings/s', ...WAITS_COLUMNS, 'busiest', 'jobs waiting', 'calls waiting'],
    rows: [
      ...hours.map(({ hour, recordingsPerSecond, waits, busiest, jobsWaiting, callsWaiting }) => [
        String(hour),
        count(recordingsPerSecond),
        ...waitsOf(waits),
        `${PARTS[busiest.part]}, ${percent(busiest.utilisation)}`,
        count(jobsWaiting),
        count(callsWaiting),
      ]),
      ['peak, all of it', '', ...waitsOf(exact.waits), '', '', ''],
    ],
  };
}

export function fullnessTable(
  sized: Sized,
  parts: readonly Fullness[],
  { peakFactor }: Assumptions,
): BenchTable {
  return {
    title: `Which part is full first, as sized for ${short(sized.perDay)}`,
    intro: `By the utilisation law: places ÷ what a recording takes of them. The load at the peak is ${count(sized.demand.peakPerSecond)} recordings a second.`,
    columns: ['part', 'full at', 'which is a day of', 'of the peak', 'what relieves it'],
    rows: parts.map(({ part, fullAt }) => [
      PARTS[part],
      `${count(fullAt)}/s`,
      short((fullAt * DAY_SECONDS) / peakFactor),
      `${count(fullAt / sized.demand.peakPerSecond)} ×`,
      RELIEF[part],
    ]),
  };
}

export function reliefTable(
  steps: readonly Relief[],
  { perDay }: Sized,
  { peakFactor }: Assumptions,
  seed: number,
): BenchTable {
  return {
    title: 'One bottleneck after the other',
    intro: `From the least deployment on, the part that fills first is doubled, until ${short(perDay)} a day fit; from there on the same order comes again, of parts twice as large. Stop → entry, p95, simulated at four fifths and at six fifths of the load at which it is full (ten minutes of it, seed ${seed}; beyond, it grows for as long as the load lasts).`,
    columns: [
      'nodes that answer, that work',
      'PostgreSQL',
      'calls',
      'full first',
      'at',
      'which is a day of',
      'p95 below',
      'p95 beyond',
      'what relieves it',
    ],
    rows: steps.map(({ part, fullAt, deployment, below, beyond }) => [
      ...deploymentCells(deployment),
      PARTS[part as LimitedPart],
      `${count(fullAt)}/s`,
      short((fullAt * DAY_SECONDS) / peakFactor),
      seconds(below.entryP95),
      seconds(beyond.entryP95),
      RELIEF[part],
    ]),
  };
}

function deploymentCells({ apiNodes, workerNodes, postgresCpus, providerCalls }: Deployment): string[] {
  return [`${apiNodes}, ${workerNodes}`, `${postgresCpus} vCPU`, count(providerCalls)];
}
