/**
 * The audit on a running application: each disagreement is planted, found, mended where that loses nothing, and what is
 * left to a person is left; then nothing is found any more.
 */
import { randomUUID } from 'node:crypto';
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import type { AuditPorts } from '../../src/audit/audit-ports.ts';
import { type Finding, isNote } from '../../src/audit/finding.ts';
import { audit } from '../../src/audit/run-audit.ts';
import { auditPorts } from '../../src/compose-audit.ts';
import { openStores, type Stores } from '../../src/compose-stores.ts';
import { ConsumersAnswer } from '../../src/http/admin-schemas.ts';
import { enqueueAll, stepJob } from '../../src/queue/jobs.ts';
import { DEFAULT_RETENTION } from '../../src/recording/retention.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { createEmptyDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { runProgram } from '../support/process.ts';

const recording = wavBytes(dtmfSamples(numberedWords(10), { rate: 8_000 }), 8_000);
const chunks = [recording.subarray(0, 40_000), recording.subarray(40_000)];
const DAY_MS = 24 * 3_600_000;
/** The queue is patient with a job of that far ahead. */
const LATER = new Date(Date.now() + 30 * DAY_MS).toISOString();

let application: TestApplication;
let me: ReturnType<typeof httpClient>;
let stores: Stores;
let ports: AuditPorts;

beforeAll(async () => {
  application = await startApplication();
  me = httpClient(application.url, await application.token('me'));
  stores = await openStores(environment(), () => undefined);
  ports = auditPorts(stores);
}, 300_000);
afterAll(async () => {
  await stores?.close();
  await application?.stop();
}, 300_000);

const environment = () => application.stores;

async function completed(extra: object = {}): Promise<string> {
  const id = await me.upload(chunks);
  await me.complete(id, chunks, extra);
  expect((await me.statusWhen(id, me.ended)).state).toBe('completed');
  return id;
}

async function findings(): Promise<Finding[]> {
  const found: Finding[] = [];
  const options = {
    rules: { graceMs: 0, retention: DEFAULT_RETENTION, limits: stores.sessions.limits },
    now: () => new Date().toISOString(),
    digests: true,
    settleMs: 300,
    signal: new AbortController().signal,
    onProgress: () => undefined,
  };
  for await (const finding of audit(ports, options)) found.push(finding);
  return found;
}
const faults = async () => (await findings()).filter((finding) => !isNote(finding));
const isClean = () => eventually(async () => expect(await faults()).toEqual([]), 60_000);

/** As the command prints them; the last line is the count. */
async function command(...args: string[]) {
  const { code, stdout } = await runProgram(
    'src/audit/audit-cli.ts',
    ['--grace', '0', '--json', ...args],
    environment(),
  ).ended;
  const lines = stdout.trim().split('\n');
  return {
    code,
    found: lines.slice(0, -1).map((line) => JSON.parse(line)),
    count: JSON.parse(lines.at(-1) ?? ''),
  };
}

const sql = (text: string, values: unknown[] = []) => stores.pool.query(text, values);
const put = (key: string, text = 'planted') =>
  stores.objects.put(key, Buffer.from(text), { contentType: 'text/plain' });

/** Its entry is being written, and the job for that is lost. */
async function stopped(): Promise<string> {
  await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 500, path: 'chat' });
  const id = await me.upload(chunks);
  await me.complete(id, chunks);
  await me.statusWhen(id, ({ steps }) => steps.polish.failedAttempts > 0);
  const sre = httpClient(application.url, await application.token('sre', 'sre'));
  await eventually(async () => {
    // What has been said of failures is dispatched, or the job of the next try would come after we looked.
    const { consumers } = ConsumersAnswer.parse((await sre.request('GET', '/admin/consumers')).body);
    expect(consumers.filter(({ lagEvents }) => lagEvents > 0)).toEqual([]);
    await sql('delete from graphile_worker._private_jobs where key like $1 and locked_at is null', [
      `${id}/%`,
    ]);
    const { rowCount } = await sql('select from graphile_worker._private_jobs where key like $1', [
      `${id}/%`,
    ]);
    expect(rowCount).toBe(0);
  }, 60_000);
  await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
  return id;
}

/** Its recording was refused, and it waits for a person. */
async function givenUp(): Promise<string> {
  await setFaults({ url: application.sandboxUrl }, { mode: 'status', status: 401, path: 'transcriptions' });
  const id = await me.upload(chunks);
  await me.complete(id, chunks);
  expect((await me.statusWhen(id, me.ended)).state).toBe('failed');
  await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
  return id;
}

it('finds nothing in what works', async () => {
  await completed();
  await me.upload(chunks);
  await isClean();
}, 300_000);

it('finds each disagreement, mends what it may, and finds nothing more', async () => {
  const [whole, other, short] = [
    await completed(),
    await completed(),
    await completed({ durationMs: 9_000 }),
  ];
  const recordingOn = await me.upload(chunks);
  const erased = await completed();
  await me.request('DELETE', `/audio/session/${erased}`);
  await isClean();
  const dead = await givenUp();
  const stuck = await stopped();

  const [stranger, erasure] = [randomUUID(), randomUUID()];
  const chunk = `uploads/${whole}/chunks/00000`;
  const { transcript } = (await stores.sessions.load(whole)).session ?? {};
  const text = transcript?.key ?? '';
  const kept = {
    chunk: await stores.objects.read(chunk, 100_000),
    text: await stores.objects.read(text, 100_000),
  };
  await stores.objects.delete([chunk]);
  await put(text, 'x'.repeat(kept.text.length));
  await put(`text/${other}/nobody-names-it.json`);
  await put(`uploads/${stranger}/chunks/00000`);
  const long = new Date(Date.now() - 31 * DAY_MS);
  await utimes(
    join(application.dataDir, `objects/objects/uploads/${stranger}/chunks/00000~object`),
    long,
    long,
  );
  await put(`uploads/${erased}/chunks/00000`);
  await sql('delete from graphile_worker._private_jobs where key = $1', [`${recordingOn}/deadline`]);
  const step = { step: 'polish', generation: 0, attempt: 1, notBefore: LATER } as const;
  await enqueueAll(stores.pool, [stepJob(whole, step), stepJob(stranger, step)]);
  await sql(
    `update projections.session_list set row = jsonb_set(row::jsonb, '{failedAttempts}', '7')::json where session_id = $1`,
    [other],
  );
  await sql(
    `insert into projections.entries (generation, session_id, user_id, created_at, has_entry, state)
      select generation, $1, user_id, created_at, has_entry, state from projections.entries where session_id = $2`,
    [erased, other],
  );
  await sql(
    `insert into parked_streams (consumer, stream, version, last_version, event_type, error_code, error_message)
      values ('dispatcher', $1, 0, 0, 'SessionCreated', 'test', 'planted')`,
    [`recording-${other}`],
  );
  await sql(`insert into erasures (id, pseudonym, requested_at) values ($1, $2, now() - interval '2 days')`, [
    erasure,
    randomUUID(),
  ]);

  const planted = [
    ['object_missing', chunk, null],
    ['object_differs', text, null],
    ['object_unknown', `text/${other}/nobody-names-it.json`, 'delete it'],
    ['object_unknown', `uploads/${stranger}/`, 'delete it'],
    ['object_of_erased', erased, 'delete what is left of the session'],
    ['deadline_not_queued', recordingOn, 'enqueue what is due'],
    ['step_not_queued', stuck, 'enqueue what is due'],
    ['job_not_needed', `${whole}/polish/0/1`, 'remove the job'],
    ['job_not_needed', `${stranger}/polish/0/1`, 'remove the job'],
    ['row_differs', other, 'build the view session-list anew, beside itself'],
    ['row_of_erased', erased, 'build the view entries anew, beside itself'],
    ['dead_letter', dead, null],
    ['stream_parked', `recording-${other}`, null],
    ['erasure_unfinished', erasure, 'enqueue the erasure again'],
    ['gap', short, null],
  ];
  const told = (found: { kind: string; subject: string; repair: string | null }[]) =>
    new Set(found.map(({ kind, subject, repair }) => `${kind} ${subject}: ${repair}`));
  const expected = new Set(planted.map(([kind, subject, repair]) => `${kind} ${subject}: ${repair}`));

  const dry = await command();
  expect(told(dry.found)).toEqual(expected);
  expect([dry.code, dry.count]).toMatchObject([2, { notes: 1, repaired: 0, isWhole: true }]);
  expect(told((await command('--since', '2100-01-01')).found)).not.toEqual(expected);

  const repaired = await command('--repair');
  expect(told(repaired.found)).toEqual(expected);
  expect([repaired.code, repaired.count.left]).toEqual([2, 4]);
  expect((await me.statusWhen(stuck, me.ended)).state).toBe('completed');

  // What was left to a person.
  await stores.objects.put(chunk, kept.chunk, { contentType: 'audio/wav' });
  await stores.objects.put(text, kept.text, { contentType: 'application/json' });
  await sql('delete from parked_streams where stream = $1', [`recording-${other}`]);
  await me.request('POST', `/audio/session/${dead}/retry`);
  expect((await me.statusWhen(dead, me.ended)).state).toBe('completed');

  // What a step was still writing when its session failed is named by nobody: it begins anew.
  await command('--repair');
  await isClean();
  const after = await command('--fast');
  expect([after.code, after.count]).toMatchObject([0, { findings: 0, notes: 1, left: 0 }]);
}, 240_000);

it('says of a database that no application has used yet what is to be done', async () => {
  const { connectionString, drop } = await createEmptyDatabase();
  try {
    const asked = { ...environment(), DATABASE_URL: connectionString };
    const { code, stderr } = await runProgram('src/audit/audit-cli.ts', [], asked).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('start the application once')]);
  } finally {
    await drop();
  }
});
