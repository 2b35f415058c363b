/** How much of each part a load needs. Pure; each formula stands beside its figure. */
import type { Assumptions } from '../assumptions.ts';
import { PROVIDER_LIMITS } from '../prices.ts';
import type { Demand } from './demand.ts';
import { serversFor } from './erlang.ts';
import type { Amounts } from './unit-costs.ts';

export type Sizing = {
  readonly apiNodes: number;
  readonly workerNodes: number;
  /** What asks for as many nodes that work: their CPU, places for jobs, or calls to the provider. */
  readonly workersFor: 'cpu' | 'jobs' | 'provider' | 'two at least';
  readonly postgresCpus: number;
  readonly transactionsPerSecond: number;
  readonly flushesPerSecond: number;
  readonly walBytesPerSecond: number;
  /** `max_connections`, by docs/deploy.md. */
  readonly connections: number;
  readonly requestsPerSecond: number;
  /** Clients' uploads and our own calls. */
  readonly storeRequestsPerSecond: number;
  /** Calls at once, and of its limits the largest share that is used. */
  readonly providerCalls: number;
  readonly providerLimitShare: number;
  readonly transcriptionsPerMinute: number;
};

/** As the configuration has them by itself (src/config.ts). */
export const JOBS_PER_NODE = 24;
export const CALLS_PER_NODE = 32;
/** A node of 2 vCPU has one event loop: what a node can do is counted by one of them. */
const LOOPS_PER_NODE = 1;
/** One may go away. */
const LEAST_NODES = 2;
const POSTGRES_SIZES = [2, 4, 8, 16, 32, 64] as const;
/** docs/deploy.md: a node that works, one that answers, and some to look with. */
const CONNECTIONS = { worker: 60, api: 50, besides: 20 } as const;

type Rules = Pick<Assumptions, 'nodeUtilisation' | 'postgresUtilisation' | 'mayWait'>;

/** @param idle what one node and PostgreSQL use a second when nobody records */
export function sizingOf({ recording, peakPerSecond }: Demand, rules: Rules, idle: Amounts): Sizing {
  const atPeak = (each: number) => each * peakPerSecond;
  const room = (idleCpu: number) => LOOPS_PER_NODE * rules.nodeUtilisation - idleCpu;
  const apiNodes = Math.max(LEAST_NODES, Math.ceil(atPeak(recording.apiCpu) / room(idle.apiCpu)));
  // Offered erlangs = rate × time (Little); places so that hardly anybody finds none (Erlang C).
  const providerCalls = serversFor(atPeak(recording.providerSeconds), rules.mayWait);
  const jobPlaces = serversFor(atPeak(recording.slotSeconds), rules.mayWait);
  const wanted = {
    cpu: Math.ceil(atPeak(recording.workerCpu) / room(idle.workerCpu)),
    jobs: Math.ceil(jobPlaces / JOBS_PER_NODE),
    provider: Math.ceil(providerCalls / CALLS_PER_NODE),
  };
  const workerNodes = Math.max(LEAST_NODES, ...Object.values(wanted));
  const [workersFor = 'two at least'] = (['cpu', 'jobs', 'provider'] as const).filter(
    (name) => wanted[name] === workerNodes,
  );
  const transcriptionsPerMinute = 60 * atPeak(recording.transcriptions);
  return {
    apiNodes,
    workerNodes,
    workersFor,
    postgresCpus: sizeFor(atPeak(recording.postgresCpu) / rules.postgresUtilisation + idle.postgresCpu),
    transactionsPerSecond: atPeak(recording.transactions),
    flushesPerSecond: atPeak(recording.walFlushes),
    walBytesPerSecond: atPeak(recording.walBytes),
    connections: workerNodes * CONNECTIONS.worker + apiNodes * CONNECTIONS.api + CONNECTIONS.besides,
    requestsPerSecond: atPeak(recording.requests),
    storeRequestsPerSecond: atPeak(storePuts(recording) + storeGets(recording)),
    providerCalls,
    providerLimitShare: Math.max(
      transcriptionsPerMinute / PROVIDER_LIMITS.transcriptionsPerMinute,
      (60 * atPeak(recording.chats)) / PROVIDER_LIMITS.chatsPerMinute,
      (60 * atPeak(recording.tokensIn + recording.tokensOut)) / PROVIDER_LIMITS.tokensPerMinute,
    ),
    transcriptionsPerMinute,
  };
}

export function storePuts({ uploads, puts }: Amounts): number {
  return uploads + puts;
}

export function storeGets({ uploadGets, otherGets, heads }: Amounts): number {
  return uploadGets + otherGets + heads;
}

/** The smallest size that there is; beyond the largest, as many as it would take, so that it shows. */
function sizeFor(cpus: number): number {
  return POSTGRES_SIZES.find((size) => size >= cpus) ?? Math.ceil(cpus);
}

export const LARGEST_POSTGRES = POSTGRES_SIZES[POSTGRES_SIZES.length - 1] as number;
