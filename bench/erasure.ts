/** Forgetting somebody with a thousand entries: how long until nothing is left, also when the node is killed meanwhile. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import { dtmfSamples, numberedWords } from '../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../src/ai/sandbox/wav-file.ts';
import { filesUnder } from '../test/support/files-under.ts';
import type { BenchOptions } from './options.ts';
import { type BenchApplication, startBenchApplication } from './support/application.ts';
import { call, uploadSession } from './support/bench-session.ts';
import { type BenchServer, startBenchServer } from './support/eventlog-database.ts';
import { verdict } from './support/eventlog-figures.ts';
import type { BenchTable } from './table.ts';

const ENTRIES = 1_000;
const GOAL_S = 10;
const AT_ONCE = 8;
const POLL_MS = 50;
const PATIENCE_MS = 120_000;

type Forgotten = { readonly seconds: number; readonly objects: number };

export async function benchErasure({ quick }: BenchOptions): Promise<BenchTable[]> {
  const entries = quick ? 50 : ENTRIES;
  const server = await startBenchServer();
  try {
    const whole = await forgotten(server, entries, false);
    const killed = await forgotten(server, entries, true);
    const figures = ({ seconds, objects }: Forgotten) => [`${objects}`, `${seconds.toFixed(2)} s`];
    return [
      {
        title: `Forgetting a person with ${entries.toLocaleString('en')} entries`,
        intro:
          'Recordings made over HTTP, each with its sound, transcript, entry, emotion and feedback as files of the local-disk store. From `DELETE /users/me` until no file is left and every session is erased in the log. Killed: the application’s process is killed with SIGKILL when some are erased, and started again; its start is counted.',
        columns: ['what', 'files', 'took', 'goal', ''],
        rows: [
          ['in one go', ...figures(whole), `${GOAL_S} s at most`, verdict(whole.seconds <= GOAL_S)],
          ['killed on the way, and started again', ...figures(killed), 'nothing is left', 'met'],
        ],
      },
    ];
  } finally {
    await server.stop();
  }
}

async function forgotten(server: BenchServer, entries: number, isKilled: boolean): Promise<Forgotten> {
  const database = await server.database();
  let application = await startBenchApplication(database);
  try {
    await record(application, entries);
    const objects = (await files(application)).length;
    const started = performance.now();
    const { id } = await call(application, 'DELETE', '/users/me');
    if (isKilled) {
      await until(async () => (await left(application, id)) < entries);
      await application.kill();
      application = await startBenchApplication(database, { dataDir: application.dataDir });
    }
    await until(async () => (await left(application, id)) === 0);
    await until(async () => (await files(application)).length === 0);
    return { seconds: (performance.now() - started) / 1000, objects };
  } finally {
    await application.stop();
  }
}

async function record(application: BenchApplication, entries: number): Promise<void> {
  const sound = wavBytes(dtmfSamples(numberedWords(2), { rate: 8_000 }), 8_000);
  const queue = new PQueue({ concurrency: AT_ONCE });
  for (let made = 0; made < entries; made++)
    void queue.add(async () => (await uploadSession(application, [sound], { durationMs: 1_000 })).complete());
  await queue.onIdle();
  await until(async () => (await listed(application)) === entries);
}

async function listed(application: BenchApplication): Promise<number> {
  let count = 0;
  let before: string | null = null;
  do {
    const query: string = before === null ? '' : `&before=${encodeURIComponent(before)}`;
    const page = await call(application, 'GET', `/entries?limit=100${query}`);
    count += page.entries.length;
    before = page.next;
  } while (before !== null);
  return count;
}

async function left(application: BenchApplication, id: string): Promise<number> {
  return (await call(application, 'GET', `/users/me/erasures/${id}`)).sessionsLeft;
}

async function files({ dataDir }: BenchApplication): Promise<string[]> {
  return filesUnder(join(dataDir, 'objects', 'objects'));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('it took longer than two minutes');
    await delay(POLL_MS);
  }
}
