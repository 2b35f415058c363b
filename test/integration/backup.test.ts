/** Embedded mode is backed up while it is used, as a person would: by the commands; and goes on from the copy. */
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { type EmbeddedPostgresServer, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';
import { type Ended, runProgram } from '../support/process.ts';

let folder: string;
let ends: (() => Promise<unknown>)[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-backup-'));
  ends = [() => rm(folder, { recursive: true, force: true })];
});
afterEach(async () => {
  for (const end of ends.reverse()) await end();
}, 300_000);

const backup = (dataDir: string, to: string): Promise<Ended> =>
  runProgram('src/backup/backup-cli.ts', ['--to', to], { DATA_DIR: dataDir }).ended;
const restore = (from: string, dataDir: string): Promise<Ended> =>
  runProgram('src/backup/restore-cli.ts', ['--from', from], { DATA_DIR: dataDir }).ended;

/** The application on the embedded database of that DATA_DIR, as `npm start` has it, with a provider of the test's. */
async function startOn(
  dataDir: string,
): Promise<{ application: TestApplication; database: EmbeddedPostgresServer }> {
  const database = await startEmbeddedPostgres(dataDir);
  ends.push(() => database.stop());
  const application = await startApplication({
    DATABASE_URL: database.connectionString,
    DATA_DIR: dataDir,
  });
  ends.push(() => application.stop());
  return { application, database };
}

it('is as it was, and goes on: what was done is there, and what was being said is finished', async () => {
  const [dataDir, copy, restored] = ['data', 'copy', 'restored'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const words = [numberedWords(6, 400), numberedWords(6, 500)] as const;
  const chunks = words.map((each) => wavBytes(dtmfSamples(each, { rate: 8_000 }), 8_000));
  const { application, database } = await startOn(dataDir);
  const token = await application.token('anna');
  const me = httpClient(application.url, token);
  const done = await me.upload(chunks.slice(0, 1), { segmenting: { mode: 'stream' } });
  await me.complete(done, chunks.slice(0, 1));
  const was = await me.statusWhen(done, me.ended);
  expect(was).toMatchObject({ state: 'completed', transcript: { text: words[0].join(' ') } });
  const half = await me.upload(chunks.slice(0, 1), { segmenting: { mode: 'segments' } });

  // Somebody records all the while.
  const traffic = new AbortController();
  const recording = (async () => {
    while (!traffic.signal.aborted) await me.upload(chunks.slice(1), { segmenting: { mode: 'stream' } });
  })();
  const backedUp = await backup(dataDir, copy);
  traffic.abort();
  await recording;
  expect([backedUp.code, backedUp.stderr]).toEqual([0, '']);
  expect(backedUp.stdout).toMatch(/^backed up .* with \d+ objects/m);
  expect(existsSync(`${copy}.partial`)).toBe(false);
  await application.stop();
  await database.stop();

  const again = await restore(copy, restored);
  expect([again.code, again.stderr]).toEqual([0, '']);
  const { application: after, database: afterwards } = await startOn(restored);
  const same = httpClient(after.url, token);
  expect((await same.status(done)).body).toEqual(was);
  const { urls } = (await same.request('GET', `/audio/session/${half}/presign?chunks=1`)).body;
  expect((await same.put(urls[0], chunks[1] as Uint8Array)).status).toBeLessThan(300);
  await same.complete(half, chunks);
  expect(await same.statusWhen(half, same.ended)).toMatchObject({ state: 'completed' });

  // Every chunk that an event names is there, also of those that were sent while the copy was made.
  const client = new pg.Client({ connectionString: afterwards.connectionString });
  await client.connect();
  ends.push(() => client.end());
  const { rows } = await client.query(`select data->>'key' as key from events where type = 'ChunkReceived'`);
  expect(rows.length).toBeGreaterThan(2);
  for (const { key } of rows)
    expect([key, existsSync(join(restored, 'objects/objects', `${key}~object`))]).toEqual([key, true]);
}, 300_000);

it('is refused where it would write over something, or is no backup', async () => {
  const taken = join(folder, 'taken');
  await rm(taken, { recursive: true, force: true });
  const database = await startEmbeddedPostgres(taken);
  await database.stop();
  expect(await backup(taken, taken)).toMatchObject({ code: 1, stderr: expect.stringContaining('not empty') });
  expect(await backup(taken, join(taken, 'within'))).toMatchObject({ code: 1 });
  expect(await restore(join(folder, 'nothing'), join(folder, 'new'))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is no backup'),
  });
  // Not running: it starts the database for as long as it takes.
  const copy = join(folder, 'copy');
  expect(await backup(taken, copy)).toMatchObject({ code: 0 });
  expect(await restore(copy, taken)).toMatchObject({ code: 1, stderr: expect.stringContaining('not empty') });
  expect(await readdir(folder)).not.toContain('new');
}, 300_000);
