/** The parts that a simulated service has, and how they are used. Pure. */
import { Station, type Urgency } from './station.ts';
import type { Timeline } from './timeline.ts';
import type { Taken } from './work.ts';

export type Deployment = {
  /** Nodes that answer, and that work: each has one event loop, which is what fills first. */
  readonly apiNodes: number;
  readonly workerNodes: number;
  /** Jobs at once of a node (WORKER_CONCURRENCY). */
  readonly jobsPerNode: number;
  readonly postgresCpus: number;
  /** Calls at once: what the nodes let through together, or less if the provider allows less. */
  readonly providerCalls: number;
  /** From an event to the job that follows, and what an append takes with nobody before it: seconds. */
  readonly hopSeconds: number;
  readonly appendSeconds: number;
  /**
   * Null: each part has machines of its own. Else all CPU is that of one machine of so many cores, where everything runs,
   * provider, store and clients too.
   */
  readonly oneMachine: number | null;
};

export const PART_NAMES = ['api', 'worker', 'jobs', 'provider', 'postgres', 'machine'] as const;
export type PartName = (typeof PART_NAMES)[number];

export type Parts = {
  readonly stations: Readonly<Partial<Record<PartName, Station>>>;
  readonly jobs: Station;
  readonly provider: Station;
  /** A request: CPU of a node, then the log. */
  readonly request: (taken: Taken, done: () => void) => void;
  /** What a job computes before it writes down its result, and the writing. */
  readonly compute: (taken: Taken, urgency: Urgency, done: () => void) => void;
  readonly append: (taken: Taken, done: () => void) => void;
};

/**
 * CPUs and nodes need not be whole (a share of them, or what others leave): a station then has the next whole number of
 * places, at least one, and each takes as much longer.
 */
export function createParts(timeline: Timeline, deployment: Deployment): Parts {
  const { apiNodes, workerNodes, jobsPerNode, providerCalls, postgresCpus, appendSeconds } = deployment;
  const jobs = new Station(timeline, whole(workerNodes * jobsPerNode));
  const provider = new Station(timeline, whole(providerCalls));
  if (deployment.oneMachine !== null) {
    const { station: machine, serve } = cpuOf(timeline, deployment.oneMachine);
    const append: Parts['append'] = ({ postgres, others }, done) =>
      serve(postgres + others, 1, () => timeline.after(appendSeconds, done));
    return {
      stations: { jobs, provider, machine },
      jobs,
      provider,
      append,
      request: (taken, done) => serve(taken.api, 1, () => append(taken, done)),
      compute: (taken, _urgency, done) => serve(taken.worker, 1, done),
    };
  }
  const [api, worker, postgres] = [apiNodes, workerNodes, postgresCpus].map((cpus) =>
    cpuOf(timeline, cpus),
  ) as [Cpu, Cpu, Cpu];
  const append: Parts['append'] = (taken, done) =>
    postgres.serve(taken.postgres, 1, () => timeline.after(appendSeconds, done));
  return {
    stations: { api: api.station, worker: worker.station, jobs, provider, postgres: postgres.station },
    jobs,
    provider,
    append,
    request: (taken, done) => api.serve(taken.api, 1, () => append(taken, done)),
    compute: (taken, urgency, done) => worker.serve(taken.worker, urgency, done),
  };
}

type Cpu = { readonly station: Station; readonly serve: Station['serve'] };

function cpuOf(timeline: Timeline, cpus: number): Cpu {
  const station = new Station(timeline, whole(cpus));
  const slower = station.servers / cpus;
  return { station, serve: (seconds, urgency, done) => station.serve(seconds * slower, urgency, done) };
}

function whole(servers: number): number {
  return Math.max(1, Math.round(servers));
}

/** The same in proportion: a share of every part, for a share of the recordings (`simulate.ts`). */
export function shareOf(deployment: Deployment, divisor: number): Deployment {
  return {
    ...deployment,
    apiNodes: deployment.apiNodes / divisor,
    workerNodes: deployment.workerNodes / divisor,
    postgresCpus: deployment.postgresCpus / divisor,
    providerCalls: deployment.providerCalls / divisor,
  };
}
