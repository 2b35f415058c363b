/**
 * What the requests and jobs of a recording take of each part's CPU: the measured unit costs, dealt out evenly. What grows
 * with the length goes to chunks and windows; what every recording has to its beginning, its end and its jobs. Pure.
 */
import type { Strategy } from '../../src/recording/events.ts';
import type { CostsByArm } from '../model/measured.ts';
import type { Item, UnitCosts } from '../model/unit-costs.ts';

/** Seconds of CPU. */
export type Taken = {
  readonly api: number;
  readonly worker: number;
  readonly postgres: number;
  /** Provider, object store and clients: of no account, unless all runs on one machine. */
  readonly others: number;
};

export type Work = {
  /** Of `create` and of `complete`, each. */
  readonly request: Taken;
  /** Of a chunk's acknowledgement. */
  readonly chunk: Taken;
  /** Of a window heard, or a paragraph written while somebody talks. */
  readonly live: Taken;
  /** Of a job after stop: merge, transcript, polish, emotion, feedback. */
  readonly job: Taken;
  /** Of a job that reads the whole recording (merge and transcript of a single one), a recorded minute. */
  readonly jobMinute: Taken;
  readonly windowsPerMinute: number;
  readonly paragraphsPerMinute: number;
  /** That are left to be written when all is understood. */
  readonly paragraphsAtEnd: number;
  /** Uploaded, a minute. */
  readonly bytesPerMinute: number;
};

export const CHUNK_SECONDS = 5;
const CHUNKS_PER_MINUTE = 60 / CHUNK_SECONDS;
const REQUESTS = 2;
const JOBS = 5;
/** Title, emotion, feedback; of the single arm title and text are one. */
const CHATS_AT_END = 3;
const NO_WORK: Taken = { api: 0, worker: 0, postgres: 0, others: 0 };

export function workOf(costs: CostsByArm): Readonly<Record<Strategy, Work>> {
  return { chunked: chunkedWork(costs.chunked), single: singleWork(costs.single) };
}

function chunkedWork(costs: UnitCosts): Work {
  const windowsPerMinute = costs.transcriptions.perMinute;
  const paragraphsPerMinute = costs.chats.perMinute;
  const livePerMinute = windowsPerMinute + paragraphsPerMinute;
  const share = (item: Item, pieces: number) => costs[item].perMinute / pieces;
  const shared = CHUNKS_PER_MINUTE + livePerMinute;
  const others = (pieces: number) => share('othersCpu', pieces) + share('clientCpu', pieces);
  return {
    ...fixedWork(costs),
    chunk: {
      api: share('apiCpu', CHUNKS_PER_MINUTE),
      worker: 0,
      postgres: share('postgresCpu', shared),
      others: others(shared),
    },
    live: {
      api: 0,
      worker: share('workerCpu', livePerMinute),
      postgres: share('postgresCpu', shared),
      others: others(shared),
    },
    jobMinute: NO_WORK,
    windowsPerMinute,
    paragraphsPerMinute,
    paragraphsAtEnd: Math.max(1, Math.round(costs.chats.fixed - CHATS_AT_END)),
    bytesPerMinute: costs.uploadBytes.perMinute,
  };
}

/** Two jobs read the whole recording: merge and transcript. */
function singleWork(costs: UnitCosts): Work {
  const half = (item: Item) => costs[item].perMinute / 2;
  return {
    ...fixedWork(costs),
    chunk: NO_WORK,
    live: NO_WORK,
    jobMinute: {
      api: 0,
      // What grows on the side that answers is the status that it pushes: a request more or less.
      worker: half('workerCpu') + half('apiCpu'),
      postgres: half('postgresCpu'),
      others: half('othersCpu') + half('clientCpu'),
    },
    windowsPerMinute: 0,
    paragraphsPerMinute: 0,
    paragraphsAtEnd: 0,
    bytesPerMinute: costs.uploadBytes.perMinute,
  };
}

function fixedWork(costs: UnitCosts): Pick<Work, 'request' | 'job'> {
  const pieces = REQUESTS + JOBS;
  const shared = {
    postgres: costs.postgresCpu.fixed / pieces,
    others: (costs.othersCpu.fixed + costs.clientCpu.fixed) / pieces,
  };
  return {
    request: { ...shared, api: costs.apiCpu.fixed / REQUESTS, worker: 0 },
    job: { ...shared, api: 0, worker: costs.workerCpu.fixed / JOBS },
  };
}
