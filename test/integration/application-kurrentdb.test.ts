/** The whole application with KurrentDB (its double) as its event log; views, checkpoints and queue in PostgreSQL. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { isNote } from '../../src/audit/finding.ts';
import { audit } from '../../src/audit/run-audit.ts';
import { auditPorts } from '../../src/compose-audit.ts';
import { openStores } from '../../src/compose-stores.ts';
import { openKurrentDb } from '../../src/eventlog/kurrentdb/kurrentdb-event-log.ts';
import { ConsumersAnswer } from '../../src/http/admin-schemas.ts';
import { ProjectionsAnswer } from '../../src/http/projection-schemas.ts';
import { DEFAULT_RETENTION } from '../../src/recording/retention.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { startTestKurrentDb, type TestKurrentDb } from '../support/kurrentdb.ts';
import { runProgram } from '../support/process.ts';

const recordingOf = (words: readonly string[]) => wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);

let double: TestKurrentDb;
let application: TestApplication;
let me: ReturnType<typeof httpClient>;
let sre: ReturnType<typeof httpClient>;

beforeAll(async () => {
  double = await startTestKurrentDb();
  application = await startApplication({ EVENT_STORE_URL: double.url });
  me = httpClient(application.url, await application.token('anna'));
  sre = httpClient(application.url, await application.token('oncall', 'sre'));
}, 300_000);
afterAll(async () => {
  await application?.stop();
  await double?.remove();
}, 300_000);

/** Two segments, each a file; gives its id when its entry stands in the list. */
async function record(words: readonly string[], between: () => Promise<void> = async () => undefined) {
  const half = words.length / 2;
  const chunks = [recordingOf(words.slice(0, half)), recordingOf(words.slice(half))];
  const id = await me.upload(chunks, { segmenting: { mode: 'segments' } });
  await between();
  expect((await me.complete(id, chunks)).status).toBe(202);
  const status = await me.statusWhen(id, me.ended);
  expect(status).toMatchObject({ state: 'completed', transcript: { text: words.join(' ') } });
  await eventually(async () => expect(await listed()).toContain(id));
  return id;
}

async function listed(): Promise<string[]> {
  return (await me.request('GET', '/entries')).body.entries.map(({ id }: { id: string }) => id);
}

async function noLag(): Promise<void> {
  await eventually(async () => {
    const { consumers } = ConsumersAnswer.parse((await sre.request('GET', '/admin/consumers')).body);
    expect(consumers.length).toBeGreaterThan(3);
    expect(consumers.filter(({ lagEvents }) => lagEvents > 0)).toEqual([]);
  });
}

describe('an application whose log is KurrentDB', () => {
  it('makes an entry of a recording, with every event there and none in PostgreSQL', async () => {
    const id = await record(numberedWords(12, 100));
    const { log } = openKurrentDb({ url: double.url, onError: () => undefined });
    const types = (await log.read(`recording-${id}`)).map(({ type }) => type);
    await log.close();
    expect([types[0], types.at(-1)]).toEqual(['SessionCreated', 'SessionCompleted']);
    const database = new pg.Client({ connectionString: application.connectionString });
    await database.connect();
    const { rows } = await database.query('select count(*)::int as events from events');
    await database.end();
    expect(rows).toEqual([{ events: 0 }]);
    expect((await sre.request('GET', `/admin/sessions/${id}/timeline`)).body.events).toHaveLength(
      types.length,
    );
    expect((await me.request('GET', '/readyz')).body.checks).toMatchObject({ eventlog: 'ok' });
    await noLag();
  }, 60_000);

  it('goes on when it was away in the middle of a recording', async () => {
    await record(numberedWords(12, 200), async () => {
      await double.stop();
      const { file, port, remove } = double;
      const again = await startTestKurrentDb({ file, port });
      double = { ...again, remove: async () => void (await Promise.all([again.remove(), remove()])) };
    });
    await noLag();
  }, 60_000);

  it('rebuilds a view from it', async () => {
    const before = await listed();
    const entries = async () => {
      const { projections } = ProjectionsAnswer.parse((await sre.request('GET', '/admin/projections')).body);
      return projections.find(({ name }) => name === 'entries');
    };
    const { generation = 0 } = (await entries())?.live ?? {};
    expect((await sre.request('POST', '/admin/projections/entries/rebuild')).status).toBe(202);
    await eventually(async () =>
      expect(await entries()).toMatchObject({ live: { generation: generation + 1 }, building: null }),
    );
    expect(await listed()).toEqual(before);
  }, 60_000);

  it('is audited, and agrees', async () => {
    const environment = {
      DATABASE_URL: application.connectionString,
      DATA_DIR: application.dataDir,
      EVENT_STORE_URL: double.url,
    };
    const stores = await openStores(environment, () => undefined);
    const counted: number[] = [];
    const options = {
      rules: { graceMs: 0, retention: DEFAULT_RETENTION, limits: stores.sessions.limits },
      now: () => new Date().toISOString(),
      digests: true,
      settleMs: 300,
      signal: new AbortController().signal,
      onProgress: (sessions: number) => counted.push(sessions),
    };
    try {
      await eventually(async () => {
        const found = [];
        for await (const finding of audit(auditPorts(stores), options)) found.push(finding);
        expect(found.filter((finding) => !isNote(finding))).toEqual([]);
      });
    } finally {
      await stores.close();
    }
    expect(counted.at(-1)).toBe(2);
    // And the command ends by itself, with the native library in its process.
    const { code } = await runProgram('src/audit/audit-cli.ts', ['--grace', '0'], environment).ended;
    expect(code).toBe(0);
  }, 60_000);

  it('forgets a person', async () => {
    const ids = await listed();
    const asked = await me.request('DELETE', '/users/me');
    expect(asked.status).toBe(202);
    const where = asked.headers.get('location') ?? '';
    await eventually(async () =>
      expect((await me.request('GET', where)).body).toMatchObject({ sessionsLeft: 0 }),
    );
    await eventually(async () => {
      const files = await readdir(application.dataDir, { recursive: true });
      expect(files.filter((path) => ids.some((id) => path.includes(id)))).toEqual([]);
    });
    expect(await listed()).toEqual([]);
    for (const id of ids) expect((await me.status(id)).status).toBe(404);
  }, 60_000);

  it('does not start on another log, which would be passed over in silence', async () => {
    const environment = { DATABASE_URL: application.connectionString, DATA_DIR: application.dataDir };
    await expect(startApplication(environment)).rejects.toThrow('have followed KurrentDB');
    const { code, stderr } = await runProgram('src/main.ts', [], {
      ...environment,
      PORT: '0',
      OPENAI_API_KEY: 'sk-test',
    }).ended;
    expect([code, stderr]).toEqual([1, expect.stringContaining('EVENT_STORE_URL is not set: ')]);
  }, 60_000);

  it('is not backed up as if the log were in its folder', async () => {
    const { code, stderr } = await runProgram('src/backup/backup-cli.ts', ['--to', '/tmp/never-made'], {
      DATA_DIR: application.dataDir,
      EVENT_STORE_URL: double.url,
    }).ended;
    expect([code, stderr]).toEqual([2, expect.stringContaining('EVENT_STORE_URL is set')]);
  });
});
