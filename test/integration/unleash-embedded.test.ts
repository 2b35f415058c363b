/** The embedded Unleash as a process: its first start, its pages, its deaths and ours, and two of it. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedUnleash, startEmbeddedUnleash } from '../../flags/unleash/embedded.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { endProgram, runProgram } from '../support/process.ts';

type CleanUps = (() => Promise<unknown>)[];
const cleanUps: CleanUps = [];
const cleanUpsOfAll: CleanUps = [];
const clean = async (all: CleanUps) => {
  for (const cleanUp of all.splice(0).reverse()) await cleanUp();
};
afterEach(() => clean(cleanUps));
afterAll(() => clean(cleanUpsOfAll));

type Place = { readonly database: TestDatabase; readonly dataDir: string };
async function place(after: CleanUps = cleanUps): Promise<Place> {
  const database = await createTestDatabase();
  after.push(() => database.drop());
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-unleash-'));
  after.push(() => rm(dataDir, { recursive: true, force: true }));
  return { database, dataDir };
}

type Hooks = { readonly port?: number; readonly onRestart?: () => void };
async function start({ database, dataDir }: Place, hooks: Hooks = {}): Promise<EmbeddedUnleash> {
  const { connectionString } = database;
  const unleash = await startEmbeddedUnleash({ connectionString, dataDir, ...hooks });
  cleanUps.push(() => unleash.stop());
  return unleash;
}

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const call = (url: string, authorization: string) =>
  fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(5_000) });
const login = (url: string, password: string) =>
  fetch(`${url}/auth/simple/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: 'admin', password }),
    signal: AbortSignal.timeout(5_000),
  });

describe('an embedded Unleash', () => {
  let at: Place;
  let unleash: EmbeddedUnleash;
  let restarted: PromiseWithResolvers<void>;
  const log: string[] = [];
  let password: string;

  beforeAll(async () => {
    at = await place(cleanUpsOfAll);
    restarted = Promise.withResolvers();
    unleash = await startEmbeddedUnleash({
      connectionString: at.database.connectionString,
      dataDir: at.dataDir,
      port: await freePort(),
      onRestart: () => restarted.resolve(),
      onLog: (level, text) => log.push(`${level} ${text}`),
    });
    cleanUpsOfAll.push(() => unleash.stop());
    password = unleash.adminPassword ?? '';
  }, 60_000);

  it('tells the password of its pages at the first start', async () => {
    expect((await login(unleash.url, password)).status).toBe(200);
    expect((await login(unleash.url, 'unleash4all')).status).toBe(401); // Unleash's usual one
  });

  it('knows our tokens', async () => {
    const { url, adminToken, clientToken } = unleash;
    expect((await call(`${url}/api/admin/projects`, adminToken)).status).toBe(200);
    expect((await call(`${url}/api/client/features`, clientToken)).status).toBe(200);
  });

  it('keeps its secrets for their owner only', async () => {
    for (const name of ['admin-password', 'admin-token', 'client-token', 'session-secret']) {
      const { mode } = await stat(join(at.dataDir, `unleash-${name}`));
      expect(mode & 0o777).toBe(0o600);
    }
  });

  it('has its tables in a schema of their own', async () => {
    const client = new pg.Client(at.database.connectionString);
    await client.connect();
    const { rows } = await client.query("select schemaname from pg_tables where tablename = 'features'");
    await client.end();
    expect(rows).toEqual([{ schemaname: 'unleash' }]);
  });

  it('serves its pages, that of the flag too, and they ask nobody outside', async () => {
    const page = await fetch(`${unleash.url}/projects/default/features/chunked-upload`);
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'");
    const script = /src="(\/static\/[^"]+\.js)"/.exec(await page.text())?.[1];
    const served = await fetch(`${unleash.url}${script}`);
    expect(served.headers.get('content-type')).toMatch(/javascript/);
    expect((await served.text()).length).toBeGreaterThan(100_000);
  });

  it('that dies comes back on the same port, with the same tokens', async () => {
    const { url, pid, clientToken } = unleash;
    process.kill(pid, 'SIGKILL');
    await restarted.promise;
    expect(unleash.pid).not.toBe(pid);
    expect((await call(`${url}/api/client/features`, clientToken)).status).toBe(200);
    expect(log).toContain('error Unleash ended by itself (SIGKILL); starting it again in 0.5 s');
  }, 60_000);

  it('tells the password no more at the next start; port, tokens and password are the same', async () => {
    const { url, adminToken, clientToken } = unleash;
    await unleash.stop();
    const next = await start(at);
    expect({ ...next, pid: 0 }).toMatchObject({ url, adminToken, clientToken });
    expect(next.adminPassword).toBeUndefined();
    expect((await login(url, password)).status).toBe(200);
  }, 60_000);
});

it('tells why it does not start', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'thankly-unleash-'));
  cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
  const connectionString = `postgres://nobody:secret@127.0.0.1:${await freePort()}/none`;
  const failing = startEmbeddedUnleash({ connectionString, dataDir, port: await freePort() });
  await expect(failing).rejects.toMatchObject({
    code: 'embedded_unleash_failed',
    message: expect.stringMatching(/^Unleash could not start: .*ECONNREFUSED/),
  });
  await expect(failing).rejects.not.toThrow(/secret/);
}, 300_000);

describe('a start on what is left of another', () => {
  it('makes its tokens known to a database that outlived DATA_DIR', async () => {
    const at = await place();
    await (await start(at, { port: await freePort() })).stop();
    const dataDir = await mkdtemp(join(tmpdir(), 'thankly-unleash-'));
    cleanUps.push(() => rm(dataDir, { recursive: true, force: true }));
    const { url, adminToken, clientToken, adminPassword } = await start(
      { ...at, dataDir },
      { port: await freePort() },
    );
    expect(adminPassword).toBeUndefined(); // the user is the other's
    expect((await call(`${url}/api/admin/projects`, adminToken)).status).toBe(200);
    expect((await call(`${url}/api/client/features`, clientToken)).status).toBe(200);
  }, 60_000);

  it('takes another port when its own is taken for good, and keeps that', async () => {
    const at = await place();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    cleanUps.push(async () => taken.close());
    const { port } = taken.address() as { port: number };
    await writeFile(join(at.dataDir, 'unleash-port'), `${port}\n`);
    const { url } = await start(at);
    expect(url).not.toBe(`http://127.0.0.1:${port}`);
    expect(url).toBe(`http://127.0.0.1:${(await readFile(join(at.dataDir, 'unleash-port'), 'utf8')).trim()}`);
  }, 60_000);
});

describe('its end', () => {
  it('stays the end when it was stopped, also while it was starting again', async () => {
    const at = await place();
    let restarts = 0;
    const unleash = await start(at, { port: await freePort(), onRestart: () => restarts++ });
    const { pid } = unleash;
    process.kill(pid, 'SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
    await unleash.stop();
    await unleash.stop(); // twice does no harm
    expect([isAlive(unleash.pid), restarts]).toEqual([false, 0]);
  }, 60_000);

  it('is our end: kill −9 of the application leaves nothing behind', async () => {
    const at = await place();
    await writeFile(join(at.dataDir, 'unleash-port'), `${await freePort()}\n`);
    const program = runProgram('test/support/unleash-child.ts', [at.database.connectionString, at.dataDir]);
    cleanUps.push(() => endProgram(program));
    const [line = ''] = await program.printed(/\{.*\}/);
    const { url, pid } = JSON.parse(line) as { url: string; pid: number };
    expect(isAlive(pid)).toBe(true);
    process.kill(program.pid, 'SIGKILL');
    await eventually(() => expect(isAlive(pid)).toBe(false));
    expect(await start(at)).toMatchObject({ url }); // at once, on the same port
  }, 60_000);
});

describe('two of them', () => {
  it("run side by side, and do not know each other's tokens", async () => {
    const [here, there] = await Promise.all([start(await place()), start(await place())]);
    expect(here.url).not.toBe(there.url);
    expect((await call(`${here.url}/api/admin/projects`, here.adminToken)).status).toBe(200);
    expect((await call(`${there.url}/api/admin/projects`, here.adminToken)).status).toBe(401);
  }, 60_000);
});
