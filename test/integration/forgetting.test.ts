/** What a person may ask about all that is kept of them: to have it, and to have it forgotten. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { unzipSync } from 'fflate';
import pg from 'pg';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import { setFaults, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { filesUnder } from '../support/files-under.ts';
import { httpClient } from '../support/http-client.ts';
import { sessionEvents } from '../support/session-events.ts';

/** Far apart from one another, so that they are found in a dump and never by chance. */
const MINE = numberedWords(8, 500);
const THEIRS = numberedWords(8, 700);
const recordingOf = (words: readonly string[]) => wavBytes(dtmfSamples(words, { rate: 8_000 }), 8_000);
const SUBJECT = 'anna-who-wants-to-be-forgotten@example.org';

let application: TestApplication;
let database: pg.Client;
let me: ReturnType<typeof httpClient>;
let other: ReturnType<typeof httpClient>;

beforeAll(async () => {
  application = await startApplication();
  database = new pg.Client({ connectionString: application.connectionString });
  await database.connect();
  me = httpClient(application.url, await application.token(SUBJECT));
  other = httpClient(application.url, await application.token('ben'));
}, 300_000);
afterAll(async () => {
  await database?.end();
  await application?.stop();
});

async function record(who: typeof me, words: readonly string[]): Promise<string> {
  const bytes = recordingOf(words);
  const id = await who.upload([bytes], { segmenting: { mode: 'stream' } });
  expect((await who.complete(id, [bytes])).status).toBe(202);
  expect(await who.statusWhen(id, who.ended)).toMatchObject({ transcript: { text: words.join(' ') } });
  await eventually(async () =>
    expect((await who.request('GET', '/entries')).body.entries.map((e: any) => e.id)).toContain(id),
  );
  return id;
}

/** Every row of every table, as text. */
async function dump(): Promise<string> {
  const { rows: tables } = await database.query(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables
     where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const rows = [];
  for (const { name } of tables)
    rows.push(...(await database.query(`select t::text as row from ${name} t`)).rows);
  return rows.map(({ row }) => row).join('\n');
}

/** Every file that the application keeps, and its name. */
async function files(): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const path of await filesUnder(application.dataDir))
    found.set(path, await readFile(path).catch(() => Buffer.alloc(0)));
  return found;
}

async function archiveOf(who: 'me' | 'other'): Promise<Record<string, Uint8Array>> {
  const token = await application.token(who === 'me' ? SUBJECT : 'ben');
  const response = await fetch(`${application.url}/users/me/export`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/zip']);
  expect(response.headers.get('content-disposition')).toMatch(
    /^attachment; filename="?thankly-[\d-]+\.zip"?$/,
  );
  return unzipSync(new Uint8Array(await response.arrayBuffer()));
}

async function sessionsListed(id: string): Promise<number> {
  const { rowCount } = await database.query('select from projections.entries where session_id = $1', [id]);
  return rowCount ?? 0;
}

/** Names of the steps that are still to be done for a session. */
async function stepJobsOf(id: string): Promise<string[]> {
  const { rows } = await database.query(
    `select tasks.identifier from graphile_worker._private_jobs as jobs
     join graphile_worker._private_tasks as tasks on tasks.id = jobs.task_id
     where jobs.key like $1 || '/%' and tasks.identifier <> all ($2)`,
    [id, ['deadline', 'erase-objects']],
  );
  return rows.map(({ identifier }) => identifier);
}

describe('the archive', () => {
  it('of somebody who has nothing says when it was made', async () => {
    expect(Object.keys(await archiveOf('me'))).toEqual(['about.json']);
  });

  it('has each recording with what was made of it, and nobody else’s', async () => {
    const [mine] = [await record(me, MINE), await record(other, THEIRS)];
    const half = await me.upload([recordingOf(MINE)]); // never completed
    const archive = await archiveOf('me');
    const names = Object.keys(archive).map((name) => name.replace(/^\d{4}-\d\d-\d\d-/, ''));
    expect(names.sort()).toEqual(
      [
        'about.json',
        `${mine}/entry.json`,
        `${mine}/recording.wav`,
        `${half}/entry.json`,
        `${half}/chunks/00000`,
      ].sort(),
    );
    const file = (name: string) =>
      Buffer.from(Object.entries(archive).find(([path]) => path.endsWith(name))?.[1] ?? []);
    expect(JSON.parse(file(`${mine}/entry.json`).toString())).toMatchObject({
      sessionId: mine,
      transcript: { text: MINE.join(' ') },
      entry: { text: expect.stringContaining(MINE[0] ?? '') },
    });
    expect(file(`${mine}/recording.wav`).equals(Buffer.from(recordingOf(MINE)))).toBe(true);
    expect(file(`${half}/chunks/00000`).equals(Buffer.from(recordingOf(MINE)))).toBe(true);
  });
});

describe('somebody who asks to be forgotten', () => {
  it('is: no word, no sound and no name is left, and nobody else misses anything', async () => {
    const before = await files();
    const said = [...before].filter(([, bytes]) => bytes.includes(MINE.join(' ')));
    expect(said.length).toBeGreaterThan(0); // the search finds what is there
    expect(await dump()).toContain(SUBJECT);
    const ids: string[] = (
      await database.query('select session_id from projections.entries where user_id = $1', [
        (
          await database.query('select pseudonym from people where subject = $1', [SUBJECT])
        ).rows[0].pseudonym,
      ])
    ).rows.map(({ session_id }) => session_id);
    expect(ids).toHaveLength(2);

    const asked = await me.request('DELETE', '/users/me');
    expect(asked.status).toBe(202);
    expect(asked.body).toMatchObject({ finishedAt: null });
    const where = asked.headers.get('location') ?? '';
    await eventually(async () =>
      expect((await me.request('GET', where)).body).toMatchObject({ sessionsLeft: 0 }),
    );
    await eventually(async () =>
      expect([...(await files()).keys()].filter((path) => ids.some((id) => path.includes(id)))).toEqual([]),
    );

    const kept = await files();
    const holding = (what: string | Buffer) =>
      [...kept].filter(([, bytes]) => bytes.includes(what)).map(([path]) => path);
    const sound = Buffer.from(recordingOf(MINE)).subarray(2_000, 40_000);
    for (const gone of [MINE.join(' '), MINE.slice(2, 5).join(' '), SUBJECT, sound])
      expect(holding(gone)).toEqual([]);
    const rows = await dump();
    for (const gone of [MINE.slice(2, 5).join(' '), SUBJECT]) expect(rows).not.toContain(gone);
    expect(application.logged.join('\n')).not.toContain(SUBJECT);

    expect(holding(THEIRS.join(' '))).not.toEqual([]);
    expect((await other.request('GET', '/entries')).body.entries).toHaveLength(1);
  });

  it('is somebody new with the same token, who has nothing', async () => {
    expect((await me.request('GET', '/entries')).body).toEqual({ entries: [], next: null });
    expect(Object.keys(await archiveOf('me'))).toEqual(['about.json']);
    const again = await record(me, MINE);
    expect((await me.status(again)).body.state).toBe('completed');
  });

  it('while their words are being heard: what watches ends, and what was being worked at has no effect', async () => {
    await setFaults({ url: application.sandboxUrl }, { mode: 'timeout', path: 'transcriptions' });
    const bytes = recordingOf(MINE);
    const id = await me.upload([bytes], { segmenting: { mode: 'stream' } });
    expect((await me.complete(id, [bytes])).status).toBe(202);
    const watching = await fetch(`${application.url}/audio/session/${id}/events`, {
      headers: { authorization: `Bearer ${await application.token(SUBJECT)}` },
      signal: AbortSignal.timeout(30_000),
    });
    await eventually(async () => expect(await sessionsListed(id)).toBe(1));

    const asked = await me.request('DELETE', '/users/me');
    expect(asked.status).toBe(202);
    expect(await watching.text()).toMatch(/"state":"erased"[^\n]*\n\n$/); // and the stream has ended
    expect((await me.status(id)).status).toBe(404);
    expect((await me.acknowledge(id, 1, bytes)).status).toBe(404);

    await setFaults({ url: application.sandboxUrl }, { mode: 'none' });
    await eventually(async () => expect(await stepJobsOf(id)).toEqual([]), 30_000);
    expect((await sessionEvents(application, id)).at(-1)?.type).toBe('SessionErased');
    await eventually(async () =>
      expect([...(await files()).keys()].filter((path) => path.includes(id))).toEqual([]),
    );
  }, 60_000);

  it('and of whom nothing is known is answered at once', async () => {
    const stranger = httpClient(application.url, await application.token('a stranger'));
    const { status, body } = await stranger.request('DELETE', '/users/me');
    expect([status, body]).toMatchObject([200, { id: null, sessionsLeft: 0 }]);
    expect((await stranger.request('GET', '/users/me/erasures/nonsense')).status).toBe(400);
    const nobody = await stranger.request('GET', '/users/me/erasures/00000000-0000-4000-8000-000000000000');
    expect([nobody.status, nobody.body.code]).toEqual([404, 'erasure_not_found']);
  });
});
