/** What a recording left goes when its time has come, and nothing that somebody still needs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import { DEFAULT_LIMITS } from '../../src/recording/limits.ts';
import { DEFAULT_RETENTION, type Retention } from '../../src/recording/retention.ts';
import { enforceRetention } from '../../src/retention/enforce-retention.ts';
import { createSessions, type Sessions } from '../../src/sessions/sessions.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';
import { runProgram } from '../support/process.ts';

const words = numberedWords(10);
const recording = wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const chunks = [recording.subarray(0, 40_000), recording.subarray(40_000)];
const DAY_MS = 24 * 3_600_000;

let application: TestApplication;
let me: ReturnType<typeof httpClient>;
let objects: DiskObjectStore;
let sessions: Sessions;

beforeAll(async () => {
  application = await startApplication();
  me = httpClient(application.url, await application.token('me'));
  objects = await DiskObjectStore.open({
    root: join(application.dataDir, 'objects'),
    publicUrl: () => application.url,
    secret: 'a secret for nothing at all',
  });
  sessions = createSessions(application.log, DEFAULT_LIMITS);
}, 300_000);
afterAll(async () => {
  await application?.stop();
}, 300_000);

async function keys(): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of objects.list('')) found.push(key);
  return found;
}

const enforceIn = (days: number, retention: Retention = DEFAULT_RETENTION, dryRun = false) =>
  enforceRetention(
    {
      objects,
      sessions,
      retention,
      now: () => new Date(Date.now() + days * DAY_MS).toISOString(),
      signal: new AbortController().signal,
    },
    { dryRun },
  );

it('chunks go two days after the entry, the recording and the texts when they are told to, an unfinished session never', async () => {
  const id = await me.upload(chunks);
  await me.complete(id, chunks);
  await me.statusWhen(id, me.ended);
  const unfinished = await me.upload(chunks);
  const before = await keys();
  const ofChunks = before.filter((key) => key.startsWith(`uploads/${id}/`));
  expect(ofChunks).toHaveLength(2);

  expect((await enforceIn(1.9)).deleted.chunks.objects).toBe(0);
  expect((await enforceIn(2.1, DEFAULT_RETENTION, true)).deleted.chunks.objects).toBe(2);
  expect(await keys()).toEqual(before);
  const { deleted } = await enforceIn(2.1);
  expect(deleted.chunks).toEqual({ objects: 2, bytes: recording.length });
  const kept = await keys();
  expect(kept.filter((key) => key.includes(id) && /uploads|window|paragraph/.test(key))).toEqual([]);
  expect((await me.request('GET', `/entries/${id}`)).body).toMatchObject({
    audio: 'kept',
    transcript: words.join(' '),
  });

  await enforceIn(4_000, { ...DEFAULT_RETENTION, recordingDays: 90 });
  expect((await me.request('GET', `/entries/${id}`)).body).toMatchObject({
    audio: 'gone',
    transcript: words.join(' '),
  });
  await enforceIn(4_000, { ...DEFAULT_RETENTION, textsDays: 365 });
  const left = await keys();
  expect(left.filter((key) => key.includes(id))).toEqual([]);
  expect(left.filter((key) => key.includes(unfinished))).toHaveLength(2);
  expect((await me.status(id)).body).toMatchObject({ state: 'completed', coverage: { gaps: [] } });
}, 300_000);

it('has a job of each night', async () => {
  const client = new pg.Client({ connectionString: application.connectionString });
  await client.connect();
  const { rows } = await client.query('select identifier from graphile_worker._private_known_crontabs');
  await client.end();
  expect(rows).toEqual([{ identifier: 'retention' }]);
});

it('is a command, too: it says what would go, and what is wrong', async () => {
  const run = (args: string[], environment: Record<string, string>) =>
    runProgram('src/retention/retention-cli.ts', args, environment).ended;
  const here = application.stores;
  const { code, stdout } = await run(['--dry-run', '--json'], here);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ dryRun: true, deleted: { chunks: { objects: 0 } } });
  const empty = await mkdtemp(join(tmpdir(), 'thankly-nothing-'));
  const nothing = await run([], { DATABASE_URL: '', DATA_DIR: empty });
  expect([nothing.code, nothing.stderr]).toEqual([1, expect.stringContaining('there is no database under')]);
  await rm(empty, { recursive: true });
}, 300_000);
