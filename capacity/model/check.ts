/** What the model says of a small run on one machine, and the file in which it stands beside what the run was. Pure. */
import { z } from 'zod';
import { ASSUMPTIONS, type Assumptions, MEASURED_CHARACTERS_PER_MINUTE } from '../assumptions.ts';
import { EVEN } from '../load/day.ts';
import type { Deployment } from '../simulation/deployment.ts';
import { simulate } from '../simulation/simulate.ts';
import { workOf } from '../simulation/work.ts';
import { DAY_SECONDS } from './demand.ts';
import { costsByArm, type MeasuredUnitCosts } from './measured.ts';
import { quantile } from './quantile.ts';
import { CALLS_PER_NODE, JOBS_PER_NODE } from './sizing.ts';
import { costOf } from './unit-costs.ts';

const Figure = z.number();
const Outcome = z.object({
  /** Entries that stood, a second of the time from the first beginning to the last end. */
  entriesPerSecond: Figure,
  /** Seconds after stop. */
  transcriptP50: Figure,
  entryP50: Figure,
  entryP95: Figure,
  /** Seconds of CPU, and bytes, a recording. */
  serviceCpu: Figure,
  postgresCpu: Figure,
  allCpu: Figure,
  walBytes: Figure,
});
export type Outcome = z.output<typeof Outcome>;

export const CheckFile = z.object({
  checkedAt: z.iso.datetime(),
  machine: z.object({ cores: z.number().int().min(1), model: z.string(), node: z.string() }),
  minutes: z.number().positive(),
  runs: z.array(
    z.object({
      ratePerSecond: Figure,
      recordings: z.number().int(),
      /** Entries that did not come. */
      lost: z.number().int(),
      /** The machine's load average of a minute when it began. */
      load: Figure,
      /** Cores that others had busy. */
      othersCores: Figure,
      /** Before the run, with the machine's cores; after it, with those that others left. */
      predicted: Outcome,
      afterwards: Outcome,
      measured: Outcome,
    }),
  ),
});
export type MeasuredCheck = z.output<typeof CheckFile>;

export type CheckPlan = {
  readonly minutes: number;
  readonly seconds: number;
  /** Of the load at which all cores are busy. */
  readonly shares: readonly number[];
  readonly seed: number;
};

/** All CPU that a recording takes on a machine where everything runs: seconds. */
function allCpuOf(measured: MeasuredUnitCosts, minutes: number): number {
  const { apiCpu, workerCpu, postgresCpu, othersCpu, clientCpu } = costOf(
    costsByArm(measured).chunked,
    minutes,
  );
  return apiCpu + workerCpu + postgresCpu + othersCpu + clientCpu;
}

/** Recordings a second at which this share of so many cores is busy. */
export function rateFor(
  measured: MeasuredUnitCosts,
  { minutes }: CheckPlan,
  share: number,
  cores: number,
): number {
  return (share * cores) / allCpuOf(measured, minutes);
}

/** Real recordings of the check have one length, no link between, and say what the unit costs were measured with. */
function checkAssumptions(minutes: number): Assumptions {
  return {
    ...ASSUMPTIONS,
    minutes,
    lengthSigma: 0,
    shareChunked: 1,
    uplinkMegabits: 10_000,
    uplinkSigma: 0,
    roundTripSeconds: 0,
    charactersPerMinute: MEASURED_CHARACTERS_PER_MINUTE,
  };
}

/** @param cores that are there for it; need not be whole */
export function predict(
  measured: MeasuredUnitCosts,
  { minutes, seconds, seed }: CheckPlan,
  ratePerSecond: number,
  cores: number,
): Outcome {
  const costs = costsByArm(measured);
  const deployment: Deployment = {
    apiNodes: 1,
    workerNodes: 1,
    jobsPerNode: JOBS_PER_NODE,
    postgresCpus: 1,
    providerCalls: CALLS_PER_NODE,
    hopSeconds: HOP_SECONDS,
    appendSeconds: measured.appendMs / 1000,
    oneMachine: Math.max(0.1, cores - idleCores(measured)),
  };
  const { ended, endedAt } = simulate({
    perDay: ratePerSecond * DAY_SECONDS,
    curve: EVEN,
    from: 0,
    to: seconds,
    deployment,
    work: workOf(costs),
    assumptions: checkAssumptions(minutes),
    divisor: 1,
    seed,
  });
  const recording = costOf(costs.chunked, minutes);
  const entries = ended.map(({ entrySeconds }) => entrySeconds);
  return {
    entriesPerSecond: ended.length / endedAt,
    transcriptP50: quantile(
      ended.map(({ transcriptSeconds }) => transcriptSeconds),
      0.5,
    ),
    entryP50: quantile(entries, 0.5),
    entryP95: quantile(entries, 0.95),
    serviceCpu: recording.apiCpu + recording.workerCpu,
    postgresCpu: recording.postgresCpu,
    allCpu: allCpuOf(measured, minutes),
    walBytes: recording.walBytes,
  };
}

/** Busy when nobody records. */
function idleCores({ idle }: MeasuredUnitCosts): number {
  return idle.apiCpu + idle.workerCpu + idle.postgresCpu + idle.othersCpu + idle.clientCpu;
}

/** From an event to its job: src/queue/dispatcher.ts. */
export const HOP_SECONDS = 0.005;
