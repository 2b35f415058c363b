/**
 * The service that is measured: a process that answers and one that works, on a real PostgreSQL, S3 (radosgw, where it is
 * installed) and the sandbox provider, each a process of its own.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startSandbox } from '../../src/ai/sandbox/launch.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { signDevToken } from '../../src/http/authentication.ts';
import type { Strategy } from '../../src/recording/events.ts';
import { radosgwMissing, startRadosgw } from '../../test/support/radosgw.ts';
import type { ObjectCounts } from './counted-objects.ts';
import type { Order, Told } from './node-child.ts';

export type NodeRole = 'api' | 'worker';

export type Node = {
  readonly url: string;
  readonly pid: number;
  /** What it has asked of the object store so far. */
  objects(): Promise<ObjectCounts>;
};

export type MeasuredService = {
  readonly nodes: Readonly<Record<NodeRole, Node>>;
  readonly database: pg.Pool;
  /** Process ids whose trees are the parts that are measured by their CPU. */
  readonly pids: Readonly<Record<NodeRole | 'postgres', number>>;
  readonly objectStore: 'S3 (radosgw)' | 'local disk';
  /** Which arm recordings that are begun from now on are in. */
  follow(strategy: Strategy): void;
  tokenOf(subject: string): Promise<string>;
  /** Rejects when a node ends by itself: what waits for it would wait in vain. */
  readonly died: Promise<never>;
  stop(): Promise<void>;
};

const JWT_SECRET = 'a secret of thirty-two characters, for measuring';
const BUCKET = 'capacity';
const START_MS = 120_000;

/** @throws Error when a part does not start; what was started is stopped */
export async function startMeasuredService(note: (line: string) => void): Promise<MeasuredService> {
  const stops: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const step of stops.splice(0).reverse()) await step();
  };
  try {
    return { ...(await start(note, (step) => stops.push(step))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

type OnStop = (step: () => Promise<unknown>) => void;

async function start(note: (line: string) => void, onStop: OnStop): Promise<Omit<MeasuredService, 'stop'>> {
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-capacity-'));
  onStop(() => rm(dataDir, { recursive: true, force: true }));
  note('starting PostgreSQL, object store and provider');
  const postgres = await startEmbeddedPostgres(dataDir);
  onStop(() => postgres.stop());
  const sandbox = await startSandbox({ latency: 'published', recogniser: 'none' });
  onStop(() => sandbox.stop());
  const store = await objectStore(onStop);
  const environment = {
    DATA_DIR: dataDir,
    DATABASE_URL: postgres.connectionString,
    JWT_SECRET,
    OPENAI_API_KEY: 'sk-capacity',
    OPENAI_BASE_URL: `${sandbox.url}/v1`,
    ...store,
  };
  note('starting the nodes');
  const api = await startNode('api', { ...environment, ROLE: 'api' }, onStop);
  const worker = await startNode('worker', { ...environment, ROLE: 'worker' }, onStop);
  const database = new pg.Pool({ connectionString: postgres.connectionString, max: 2 });
  database.on('error', () => undefined); // whatever is asked of it next fails
  onStop(() => database.end());
  return {
    nodes: { api, worker },
    database,
    pids: { api: api.pid, worker: worker.pid, postgres: postgres.pid },
    objectStore: 'S3_BUCKET' in store ? 'S3 (radosgw)' : 'local disk',
    follow(strategy) {
      for (const node of [api, worker]) node.tell({ strategy });
    },
    tokenOf: (subject) => signDevToken(JWT_SECRET, { subject, role: 'user' }),
    died: Promise.race([api.died, worker.died]),
  };
}

/** The environment that leads to it. */
async function objectStore(onStop: OnStop): Promise<Readonly<Record<string, string>>> {
  if (radosgwMissing() !== null) return {};
  const gateway = await startRadosgw();
  onStop(() => gateway.stop());
  await gateway.createBucket(BUCKET);
  return {
    S3_BUCKET: BUCKET,
    S3_ENDPOINT: gateway.endpoint,
    S3_REGION: gateway.region,
    S3_ACCESS_KEY_ID: gateway.accessKeyId,
    S3_SECRET_ACCESS_KEY: gateway.secretAccessKey,
    S3_FORCE_PATH_STYLE: 'true',
  };
}

async function startNode(
  role: NodeRole,
  environment: Readonly<Record<string, string>>,
  onStop: OnStop,
): Promise<Node & { tell(order: Order): void; readonly died: Promise<never> }> {
  const child = fork(join(import.meta.dirname, 'node-child.ts'), [], {
    env: { ...process.env, PORT: '0', ...environment },
  });
  const ended = once(child, 'exit');
  let isStopping = false;
  const died = new Promise<never>((_, reject) => {
    child.once('exit', (code) => {
      if (!isStopping) reject(new Error(`the ${role} node ended (${code})`));
    });
  });
  died.catch(() => undefined); // whoever waits is told
  onStop(async () => {
    isStopping = true;
    if (child.connected) child.disconnect();
    await ended;
  });
  const ready = await told(child, role);
  if (!('url' in ready)) throw new Error(`the ${role} node did not say where it is`);
  return {
    url: ready.url,
    pid: child.pid ?? 0,
    died,
    tell: (order) => void child.send(order),
    async objects() {
      const answer = told(child, role);
      child.send('objects' satisfies Order);
      const news = await answer;
      return 'objects' in news ? news.objects : {};
    },
  };
}

/** What the process says next. @throws Error when it ends, or says nothing in time */
async function told(child: ChildProcess, role: NodeRole): Promise<Told> {
  const late = AbortSignal.timeout(START_MS);
  const over = new AbortController();
  const signal = AbortSignal.any([late, over.signal]);
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([news]) => news as Told),
      once(child, 'exit', { signal }).then(([code]) => {
        throw new Error(`the ${role} node ended (${code})`);
      }),
    ]);
  } finally {
    over.abort();
  }
}
