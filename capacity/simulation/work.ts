/**
 * What the requests and jobs of a recording take of each part's CPU: the measured unit costs, dealt out evenly, so
 * that they add up for each length. What grows with it goes to chunks and windows; what every recording has to its
 * beginning, its end and its jobs. Pure.
 */
import type { Strategy } from '../../src/recording/events.ts';
import type { CostsByArm } from '../model/measured.ts';
import type { Item, Line, UnitCosts } from '../model/unit-costs.ts';

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
  /** Of the acknowledgements of all chunks of a minute. */
  readonly chunkMinute: Taken;
  /** Of the windows heard, and the paragraphs written, of a minute while somebody talks. */
  readonly liveMinute: Taken;
  /** Of a job after stop: merge, transcript, polish, emotion, feedback. */
  readonly job: Taken;
  /** Of a job that reads the whole recording (merge and transcript of a single one), a recorded minute. */
  readonly jobMinute: Taken;
  /** That are heard and written in all. */
  readonly windows: Line;
  readonly paragraphs: Line;
  /** Uploaded, a minute. */
  readonly bytesPerMinute: number;
};

export const CHUNK_SECONDS = 5;
const CHUNKS_PER_MINUTE = 60 / CHUNK_SECONDS;
const REQUESTS = 2;
const JOBS = 5;
/** Title, emotion, feedback; of the single arm title and text are one. */
const CHATS_AT_END = 3;
const NONE: Line = { fixed: 0, perMinute: 0 };
export const NO_WORK: Taken = { api: 0, worker: 0, postgres: 0, others: 0 };

export function workOf(costs: CostsByArm): Readonly<Record<Strategy, Work>> {
  return { chunked: chunkedWork(costs.chunked), single: singleWork(costs.single) };
}

function chunkedWork(costs: UnitCosts): Work {
  const { transcriptions, chats } = costs;
  const live = transcriptions.perMinute + chats.perMinute;
  // The log and what is no part of ours serve a chunk as they serve a window.
  const ofChunks = CHUNKS_PER_MINUTE / (CHUNKS_PER_MINUTE + live);
  const shared = (share: number) => ({
    postgres: share * costs.postgresCpu.perMinute,
    others: share * (costs.othersCpu.perMinute + costs.clientCpu.perMinute),
  });
  return {
    ...fixedWork(costs),
    chunkMinute: { ...shared(ofChunks), api: costs.apiCpu.perMinute, worker: 0 },
    liveMinute: { ...shared(1 - ofChunks), api: 0, worker: costs.workerCpu.perMinute },
    jobMinute: NO_WORK,
    windows: transcriptions,
    paragraphs: { ...chats, fixed: chats.fixed - CHATS_AT_END },
    bytesPerMinute: costs.uploadBytes.perMinute,
  };
}

/** Two jobs read the whole recording: merge and transcript. */
function singleWork(costs: UnitCosts): Work {
  const half = (item: Item) => costs[item].perMinute / 2;
  return {
    ...fixedWork(costs),
    chunkMinute: NO_WORK,
    liveMinute: NO_WORK,
    jobMinute: {
      api: 0,
      // What grows on the side that answers is the status that it pushes: a request more or less.
      worker: half('workerCpu') + half('apiCpu'),
      postgres: half('postgresCpu'),
      others: half('othersCpu') + half('clientCpu'),
    },
    windows: NONE,
    paragraphs: NONE,
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
