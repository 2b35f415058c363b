/** From measured unit costs and a load to everything that the tables show. Pure: the same inputs, the same figures. */
import { DEFAULT_RETENTION } from '../src/recording/retention.ts';
import type { Assumptions } from './assumptions.ts';
import { dayCurve, EVEN } from './load/day.ts';
import { type Bill, billOf } from './model/bill.ts';
import { HOP_SECONDS } from './model/check.ts';
import { DAY_SECONDS, type Demand, demandOf, MONTH_DAYS } from './model/demand.ts';
import { costsByArm, type MeasuredUnitCosts } from './model/measured.ts';
import { quantile } from './model/quantile.ts';
import { firstToFill, fullAt, LIMITED_PARTS, type LimitedPart, relieved } from './model/saturation.ts';
import { CALLS_PER_NODE, JOBS_PER_NODE, type Sizing, sizingOf } from './model/sizing.ts';
import { type Kept, keptAfter } from './model/storage.ts';
import type { Deployment, PartName } from './simulation/deployment.ts';
import type { Ended } from './simulation/recording.ts';
import { type Simulated, simulate, utilisation } from './simulation/simulate.ts';
import { workOf } from './simulation/work.ts';

export type Study = {
  readonly measured: MeasuredUnitCosts;
  readonly assumptions: Assumptions;
  readonly seed: number;
};

export type Sized = {
  readonly perDay: number;
  readonly demand: Demand;
  readonly sizing: Sizing;
  readonly keptAfterMonth: Kept;
  readonly keptAfterYear: Kept;
  readonly billOfFirstMonth: Bill;
  readonly billAfterYear: Bill;
};

const YEAR_DAYS = 365;

export function sized({ measured, assumptions }: Study, perDay: number): Sized {
  const demand = demandOf(costsByArm(measured), { ...assumptions, perDay });
  const sizing = sizingOf(demand, assumptions, measured.idle);
  const kept = (days: number) => keptAfter(days, perDay, demand.recording, DEFAULT_RETENTION);
  const [keptAfterMonth, keptAfterYear] = [kept(MONTH_DAYS), kept(YEAR_DAYS)];
  return {
    perDay,
    demand,
    sizing,
    keptAfterMonth,
    keptAfterYear,
    billOfFirstMonth: billOf(demand, sizing, keptAfterMonth, perDay),
    billAfterYear: billOf(demand, sizing, keptAfterYear, perDay),
  };
}

export function deploymentOf({ measured }: Study, sizing: Sizing): Deployment {
  return {
    apiNodes: sizing.apiNodes,
    workerNodes: sizing.workerNodes,
    jobsPerNode: JOBS_PER_NODE,
    postgresCpus: sizing.postgresCpus,
    providerCalls: sizing.workerNodes * CALLS_PER_NODE,
    hopSeconds: HOP_SECONDS,
    appendSeconds: measured.appendMs / 1_000,
    oneMachine: null,
  };
}

/** Recordings to be simulated of one day: more say the same, and take longer. */
const SIMULATED_A_DAY = 100_000;
/** The day begins when fewest talk: nobody is under way then who is not simulated. */
const QUIET_HOURS_AFTER_PEAK = 9;
const HOUR = 3_600;
const HOURS = 24;

export type HourOfDay = {
  readonly hour: number;
  readonly recordingsPerSecond: number;
  readonly waits: Waits;
  readonly busiest: { readonly part: PartName; readonly utilisation: number };
  /** At their longest, of the whole load. */
  readonly jobsWaiting: number;
  readonly callsWaiting: number;
};

/** Seconds after stop. */
export type Waits = {
  readonly transcriptP95: number;
  readonly entryP50: number;
  readonly entryP95: number;
  readonly entryP99: number;
};

export function waitsOf(ended: readonly Ended[]): Waits {
  const entries = ended.map(({ entrySeconds }) => entrySeconds);
  const transcripts = ended.map(({ transcriptSeconds }) => transcriptSeconds);
  return {
    transcriptP95: quantile(transcripts, 0.95),
    entryP50: quantile(entries, 0.5),
    entryP95: quantile(entries, 0.95),
    entryP99: quantile(entries, 0.99),
  };
}

export type SimulatedDay = { readonly divisor: number; readonly hours: readonly HourOfDay[] };

export function simulatedDay(study: Study, { perDay, sizing }: Sized): SimulatedDay {
  const { measured, assumptions, seed } = study;
  const divisor = Math.max(1, perDay / SIMULATED_A_DAY);
  const firstHour = (assumptions.peakHour + QUIET_HOURS_AFTER_PEAK) % HOURS;
  const { ended, stations } = simulate({
    perDay,
    curve: dayCurve(assumptions.peakFactor, assumptions.peakHour),
    from: firstHour * HOUR,
    to: (firstHour + HOURS) * HOUR,
    deployment: deploymentOf(study, sizing),
    work: workOf(costsByArm(measured)),
    assumptions,
    divisor,
    seed,
  });
  const byHour = Map.groupBy(ended, ({ stoppedAt }) => Math.floor(stoppedAt / HOUR));
  const hours = Array.from({ length: HOURS }, (_, index) => {
    const hour = firstHour + index;
    const own = byHour.get(hour) ?? [];
    return {
      hour: hour % HOURS,
      recordingsPerSecond: (own.length * divisor) / HOUR,
      waits: waitsOf(own),
      busiest: busiestOf(stations, hour),
      jobsWaiting: divisor * (stations.jobs?.watched(hour).longestQueue ?? 0),
      callsWaiting: divisor * (stations.provider?.watched(hour).longestQueue ?? 0),
    };
  });
  return { divisor, hours: hours.sort((a, b) => a.hour - b.hour) };
}

function busiestOf(stations: Simulated['stations'], hour: number): HourOfDay['busiest'] {
  const all = Object.entries(stations).map(([part, station]) => ({
    part: part as PartName,
    utilisation: utilisation(station, station.watched(hour), HOUR),
  }));
  return all.reduce((most, each) => (each.utilisation > most.utilisation ? each : most));
}

const MINUTES_AT_PEAK = 4 * 60;
/** Until as many talk and are worked on as do in the long run. */
const SETTLING = 2 * 60;

/** Some minutes at the busiest hour's rate, all of it: what the share of a day is held against. */
export function busiestMinutes(
  study: Study,
  { perDay, sizing }: Sized,
): { readonly recordings: number; readonly waits: Waits } {
  const { measured, assumptions, seed } = study;
  const { ended } = simulate({
    perDay: perDay * assumptions.peakFactor,
    curve: EVEN,
    from: 0,
    to: MINUTES_AT_PEAK,
    deployment: deploymentOf(study, sizing),
    work: workOf(costsByArm(measured)),
    assumptions,
    divisor: 1,
    seed,
  });
  const settled = settledOf(ended, MINUTES_AT_PEAK);
  return { recordings: settled.length, waits: waitsOf(settled) };
}

function settledOf(ended: readonly Ended[], end: number): Ended[] {
  return ended.filter(({ stoppedAt }) => stoppedAt >= SETTLING && stoppedAt < end);
}

export type Relief = {
  readonly part: LimitedPart;
  /** Recordings a second at which it is full. */
  readonly fullAt: number;
  readonly deployment: Deployment;
  /** At four fifths and at six fifths of that. */
  readonly below: Waits;
  readonly beyond: Waits;
};

/** A small deployment, of which the part that fills first is doubled until it takes so many a second. */
export function reliefs(study: Study, start: Deployment, upTo: number): Relief[] {
  const demand = demandOf(costsByArm(study.measured), { ...study.assumptions, perDay: DAY_SECONDS });
  const steps: Relief[] = [];
  for (let deployment = start; ; ) {
    const part = firstToFill(deployment, demand.recording);
    const full = fullAt(part, deployment, demand.recording);
    const below = atRate(study, deployment, full * 0.8);
    const beyond = atRate(study, deployment, full * 1.2);
    steps.push({
      part,
      fullAt: full,
      deployment,
      below: waitsOf(settledOf(below.ended, STEADY)),
      beyond: waitsOf(settledOf(beyond.ended, STEADY)),
    });
    if (full >= upTo) return steps;
    deployment = relieved(deployment, part);
  }
}

/** Seconds at one rate, and recordings of these that are simulated at most. */
const STEADY = 10 * 60;
const SIMULATED_STEADY = 3_000;

function atRate(
  { measured, assumptions, seed }: Study,
  deployment: Deployment,
  perSecond: number,
): Simulated {
  return simulate({
    perDay: perSecond * DAY_SECONDS,
    curve: EVEN,
    from: 0,
    to: STEADY,
    deployment,
    work: workOf(costsByArm(measured)),
    assumptions,
    divisor: Math.max(1, (perSecond * STEADY) / SIMULATED_STEADY),
    seed,
  });
}

export type Fullness = { readonly part: LimitedPart; readonly fullAt: number };

/** Which part of a sized service is full when, the first first. */
export function fullness(study: Study, { demand, sizing }: Sized): Fullness[] {
  const deployment = deploymentOf(study, sizing);
  return LIMITED_PARTS.map((part) => ({ part, fullAt: fullAt(part, deployment, demand.recording) })).sort(
    (a, b) => a.fullAt - b.fullAt,
  );
}
