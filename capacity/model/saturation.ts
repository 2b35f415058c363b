/** At what load each part is full: its places ÷ what a recording takes of them. Pure. */
import type { Deployment } from '../simulation/deployment.ts';
import type { Amounts } from './unit-costs.ts';

export const LIMITED_PARTS = ['api', 'worker', 'jobs', 'provider', 'postgres'] as const;
export type LimitedPart = (typeof LIMITED_PARTS)[number];

/** What is to be doubled, and what that is in the configuration. */
export const RELIEF: Readonly<Record<LimitedPart, string>> = {
  api: 'more nodes that answer',
  worker: 'more nodes that work',
  jobs: 'more nodes that work, or a larger WORKER_CONCURRENCY',
  provider: 'a larger PROVIDER_CONCURRENCY or more nodes that work; then the account’s limits',
  postgres: 'a larger PostgreSQL; then KurrentDB for the log',
};

/** Recordings a second at which this part is busy all the time: the utilisation law, ρ = λ × demand ÷ servers, at 1. */
export function fullAt(part: LimitedPart, deployment: Deployment, recording: Amounts): number {
  switch (part) {
    case 'api':
      return deployment.apiNodes / recording.apiCpu;
    case 'worker':
      return deployment.workerNodes / recording.workerCpu;
    case 'jobs':
      return (deployment.workerNodes * deployment.jobsPerNode) / recording.slotSeconds;
    case 'provider':
      return deployment.providerCalls / recording.providerSeconds;
    case 'postgres':
      return deployment.postgresCpus / recording.postgresCpu;
    default:
      return part satisfies never;
  }
}

export function firstToFill(deployment: Deployment, recording: Amounts): LimitedPart {
  return LIMITED_PARTS.reduce((first, part) =>
    fullAt(part, deployment, recording) < fullAt(first, deployment, recording) ? part : first,
  );
}

/** The same with twice as much of this part. A node that works brings places and calls along. */
export function relieved(deployment: Deployment, part: LimitedPart): Deployment {
  switch (part) {
    case 'api':
      return { ...deployment, apiNodes: 2 * deployment.apiNodes };
    case 'worker':
    case 'jobs':
      return {
        ...deployment,
        workerNodes: 2 * deployment.workerNodes,
        providerCalls: 2 * deployment.providerCalls,
      };
    case 'provider':
      return { ...deployment, providerCalls: 2 * deployment.providerCalls };
    case 'postgres':
      return { ...deployment, postgresCpus: 2 * deployment.postgresCpus };
    default:
      return part satisfies never;
  }
}
