/** Computes the tables on two threads; this file is also what the threads run. */
import { once } from 'node:events';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import type { BenchTable } from '../table.ts';
import { TABLES } from './tables.ts';

const WORKERS = 2;

export async function computedTables(): Promise<BenchTable[]> {
  const results: (readonly BenchTable[])[] = [];
  const waiting = TABLES.map((_, index) => index);
  await Promise.all(Array.from({ length: WORKERS }, () => workThrough(waiting, results)));
  return results.flat();
}

/** Takes the next table that nobody has taken, until there is none. */
async function workThrough(waiting: number[], results: (readonly BenchTable[])[]): Promise<void> {
  const worker = new Worker(new URL(import.meta.url));
  try {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      worker.postMessage(index);
      // An 'error' of the worker rejects this too.
      [results[index]] = await once(worker, 'message');
    }
  } finally {
    await worker.terminate();
  }
}

if (!isMainThread) {
  parentPort?.on('message', (index: number) => parentPort?.postMessage(TABLES[index]?.() ?? []));
}
