/** The embedded PostgreSQL as `npm start` uses it: however the application ends, the next start finds its data. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type EmbeddedPostgresServer, startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { eventually } from '../support/eventually.ts';

/** Elsewhere a server without a guard has to be ended by hand: the error names its process. */
const onLinux = process.platform === 'linux' ? it : it.skip;
const asRoot = process.getuid?.() === 0 ? it : it.skip;
const CHILD = join(import.meta.dirname, '../support/embedded-child.ts');

let dataDir: string;
let servers: EmbeddedPostgresServer[];
let children: ChildProcess[];
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'thankly-embedded-'));
  servers = [];
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(servers.map((server) => server.stop()));
  // Guards of killed children end by themselves.
  await eventually(() => expect(serverPid() === null || !isAlive(serverPid() ?? 0)).toBe(true));
  rmSync(dataDir, { recursive: true, force: true });
}, 300_000);

async function start(
  dir = dataDir,
  onProgress: (line: string) => void = () => undefined,
): Promise<EmbeddedPostgresServer> {
  const server = await startEmbeddedPostgres(dir, onProgress);
  servers.push(server);
  return server;
}

/** An application of its own, to be killed. Resolves to its server's address. */
async function startChild(): Promise<{ child: ChildProcess; connectionString: string; guard: number }> {
  const child = spawn(process.execPath, [CHILD, dataDir], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) {
    const [connectionString = '', guard] = line.split(' ');
    return { child, connectionString, guard: Number(guard) };
  }
  throw new Error('the child ended');
}

async function query(connectionString: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function serverPid(): number | null {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

/** What has ended but was not collected by its parent yet (a zombie, state Z) does not live. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('the embedded PostgreSQL', () => {
  it('is a durable PostgreSQL 18 that only this machine can reach, with a password that only its owner can read', async () => {
    const server = await start();
    const [settings] = await query(
      server.connectionString,
      `select current_setting('server_version_num')::int / 10000 as version, current_setting('fsync') as fsync,
        current_setting('full_page_writes') as pages, current_setting('synchronous_commit') as commit,
        current_setting('listen_addresses') as addresses, current_setting('unix_socket_directories') as sockets`,
    );
    expect(settings).toEqual({
      version: 18,
      fsync: 'on',
      pages: 'on',
      commit: 'on',
      addresses: '127.0.0.1',
      sockets: '',
    });
    expect(statSync(join(dataDir, 'postgres-password')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'postgres')).mode & 0o777).toBe(0o700);
    const stranger = new URL(server.connectionString);
    stranger.password = 'guess';
    await expect(query(stranger.href, 'select 1')).rejects.toThrow('password authentication failed');
  }, 30_000);

  it('finds its data again, after a stop', async () => {
    const first = await start();
    await query(first.connectionString, 'create table kept as select 42 as answer');
    await first.stop();
    expect(serverPid()).toBeNull();
    const second = await start();
    expect(await query(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
  }, 30_000);

  it('is stopped by its guard when the application is killed, and the next start has what was committed', async () => {
    const { child, connectionString } = await startChild();
    await query(connectionString, 'create table kept as select 42 as answer');
    const pid = serverPid() ?? 0;
    await kill(child);
    const next = await start();
    expect(isAlive(pid)).toBe(false);
    expect(await query(next.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
  }, 30_000);

  onLinux(
    'is ended by the next start when its guard was killed, too',
    async () => {
      const { child, connectionString, guard } = await startChild();
      await query(connectionString, 'create table kept as select 42 as answer');
      const orphan = serverPid() ?? 0;
      process.kill(guard, 'SIGKILL');
      await kill(child);
      expect(isAlive(orphan)).toBe(true);
      const next = await start();
      expect(isAlive(orphan)).toBe(false);
      expect(await query(next.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
    },
    30_000,
  );

  onLinux(
    'recovers when everything was killed, and its number has gone to another program since',
    async () => {
      const { child, connectionString, guard } = await startChild();
      await query(connectionString, 'create table kept as select 42 as answer');
      const server = serverPid() ?? 0;
      process.kill(guard, 'SIGKILL');
      process.kill(server, 'SIGKILL');
      await kill(child);
      await eventually(() => expect(isAlive(server)).toBe(false));
      const file = join(dataDir, 'postgres', 'postmaster.pid');
      writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(process.pid)));
      const next = await start();
      expect(await query(next.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
    },
    30_000,
  );

  it('is started again until it starts: what stood in its way may be gone a moment later', async () => {
    const lines: string[] = [];
    const server = await start(dataDir, (line) => lines.push(line));
    const port = Number(new URL(server.connectionString).port);
    process.kill(serverPid() ?? 0, 'SIGKILL');
    const squatter = createServer();
    await eventually(async () => {
      squatter.listen(port, '127.0.0.1');
      await once(squatter, 'listening');
    });
    try {
      await eventually(() => expect(lines.join('\n')).toContain('PostgreSQL did not start'));
    } finally {
      squatter.close();
    }
    await eventually(async () =>
      expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]),
    );
  }, 60_000);

  it('is started again when PostgreSQL itself dies', async () => {
    const server = await start();
    await query(server.connectionString, 'create table kept as select 42 as answer');
    process.kill(serverPid() ?? 0, 'SIGKILL');
    await eventually(async () =>
      expect(await query(server.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]),
    );
  }, 30_000);

  it('makes a whole database although the first start was killed at any time', async () => {
    for (const waitMs of [50, 200, 400]) {
      const child = spawn(process.execPath, [CHILD, dataDir], { stdio: 'ignore' });
      await new Promise((resolve) => setTimeout(resolve, waitMs));
      await kill(child);
    }
    const server = await start();
    expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 60_000);

  it('tells a second copy on the same DATA_DIR that it is in use, at once, and disturbs nobody', async () => {
    const first = await start();
    const began = Date.now();
    await expect(start()).rejects.toMatchObject({
      code: 'embedded_postgres_failed',
      reason: 'in_use',
      message: expect.stringContaining('DATA_DIR is in use'),
    });
    expect(Date.now() - began).toBeLessThan(3_000);
    expect(await query(first.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
  }, 30_000);

  it('runs beside another copy with another DATA_DIR', async () => {
    const other = mkdtempSync(join(tmpdir(), 'thankly-embedded-'));
    try {
      const [one, two] = await Promise.all([start(), start(other)]);
      await query(one.connectionString, 'create table mine ()');
      await expect(query(two.connectionString, 'select * from mine')).rejects.toThrow('does not exist');
      await two.stop();
    } finally {
      rmSync(other, { recursive: true, force: true });
    }
  }, 30_000);

  it('says in one line why PostgreSQL does not start', async () => {
    const first = await start();
    await first.stop();
    writeFileSync(join(dataDir, 'postgres', 'PG_VERSION'), '9\n');
    await expect(start()).rejects.toThrow(
      /^PostgreSQL could not start: .*initialized by PostgreSQL version 9.*$/,
    );
  }, 30_000);
});

describe('started by root', () => {
  asRoot(
    'opens a DATA_DIR that only root may enter to PostgreSQL’s own user, for entering only',
    async () => {
      expect(statSync(dataDir).mode & 0o777).toBe(0o700);
      const server = await start();
      expect(await query(server.connectionString, 'select 1 as one')).toEqual([{ one: 1 }]);
      expect(statSync(dataDir).mode & 0o777).toBe(0o710);
      expect(statSync(join(dataDir, 'postgres')).uid).not.toBe(0);
    },
    30_000,
  );

  asRoot(
    'keeps the database outside of a home that is closed to it, and finds it again',
    async () => {
      // A closed folder above DATA_DIR, as /root is.
      const inHome = join(dataDir, 'clone', '.data');
      const first = await start(inHome);
      const outside = readlinkSync(join(inHome, 'postgres'));
      try {
        expect(outside).toMatch(/^\/var\/lib\/thankly-voice\/[0-9a-f]{16}$/);
        await query(first.connectionString, 'create table kept as select 42 as answer');
        await first.stop();
        const second = await start(inHome);
        expect(await query(second.connectionString, 'select answer from kept')).toEqual([{ answer: 42 }]);
        await second.stop();
        expect(statSync(dataDir).mode & 0o777).toBe(0o700);
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
        rmSync(outside, { recursive: true, force: true });
      }
    },
    30_000,
  );
});

describe('migrations', () => {
  it('run once, in order, also when several nodes start together', async () => {
    const { connectionString } = await start();
    const ran = await Promise.all([
      migrate(connectionString),
      migrate(connectionString),
      migrate(connectionString),
    ]);
    const names = ran.flat();
    expect(names).toEqual([...names].sort());
    expect(names[0]).toBe('0001_event-log');
    expect(new Set(names).size).toBe(names.length);
    expect(await migrate(connectionString)).toEqual([]);
  }, 30_000);
});
