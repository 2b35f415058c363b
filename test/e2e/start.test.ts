/** `npm start`: it comes up on an empty folder, ends everything it started, and says in one line why it cannot start. */

import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endProgram, type Program, runProgram } from '../support/process.ts';

let folder: string;
const programs: Program[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-start-'));
  await chmod(folder, 0o755); // as root, PostgreSQL runs as another user, who must be able to enter
});
afterAll(async () => {
  for (const program of programs) await endProgram(program);
  await rm(folder, { recursive: true, force: true });
}, 300_000);

function start(environment: Record<string, string>): Program {
  const program = runProgram('src/main.ts', [], { LOG_LEVEL: 'warn', ...environment });
  programs.push(program);
  return program;
}

async function ready(program: Program): Promise<string> {
  const [, url = ''] = await program.printed(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
  return url;
}

/** This process, the ones it started, and theirs. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').map(Number)).flatMap(family)];
}

function alive(pids: readonly number[]): number[] {
  return pids.filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') === false;
    } catch {
      return false;
    }
  });
}

async function gone(pids: readonly number[]): Promise<number[]> {
  const deadline = Date.now() + 15_000;
  while (alive(pids).length > 0 && Date.now() < deadline) await delay(50);
  return alive(pids);
}

async function devToken(url: string): Promise<string> {
  const body = JSON.stringify({ userId: 'somebody' });
  const response = await fetch(`${url}/dev/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  expect(response.status).toBe(201);
  return ((await response.json()) as { token: string }).token;
}

async function createSession(url: string, token: string): Promise<number> {
  const response = await fetch(`${url}/audio/session/create`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      'idempotency-key': 'the-same',
    },
    body: JSON.stringify({ mimeType: 'audio/wav' }),
  });
  expect(response.status).toBe(201);
  const { sessionId } = (await response.json()) as { sessionId: string };
  const status = await fetch(`${url}/audio/session/${sessionId}/status`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await status.json()) as { version: number }).version;
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('npm start', () => {
  it('comes up on an empty folder; Ctrl-C ends everything it started; a second start finds its data', async () => {
    const environment = { PORT: '0', DATA_DIR: join(folder, 'data') };
    const first = start(environment);
    const url = await ready(first);
    const token = await devToken(url);
    const version = await createSession(url, token);
    const pids = family(first.pid);
    expect(pids.length).toBeGreaterThanOrEqual(4); // the application, the guard, PostgreSQL, the sandbox
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(0);
    expect(await gone(pids)).toEqual([]);

    const second = start(environment);
    // The token and the session are still good: repeated, `create` finds it and writes nothing.
    expect(await createSession(await ready(second), token)).toBe(version);
    await endProgram(second);
  }, 120_000);

  it('leaves nothing behind when it is killed, and the next start recovers by itself', async () => {
    const environment = { PORT: '0', DATA_DIR: join(folder, 'killed') };
    const first = start(environment);
    const token = await devToken(await ready(first));
    const pids = family(first.pid);
    first.child.kill('SIGKILL');
    const second = start(environment);
    expect(await createSession(await ready(second), token)).toBeGreaterThanOrEqual(0);
    expect(await gone(pids)).toEqual([]);
    await endProgram(second);
  }, 120_000);

  it('runs as two copies side by side', async () => {
    const copies = ['a', 'b'].map((name) => start({ PORT: '0', DATA_DIR: join(folder, name) }));
    const urls = await Promise.all(copies.map(ready));
    expect(new Set(urls).size).toBe(2);
    await Promise.all(copies.map(endProgram));
  }, 120_000);

  it('says in one line that the port is taken', async () => {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = String(typeof address === 'object' && address !== null ? address.port : 0);
    const { code, stderr } = await start({ PORT: port, DATA_DIR: join(folder, 'busy') }).ended;
    server.close();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `Port ${port} is taken: end what uses it, or start with PORT=8081 npm start\n`,
    });
  });

  it('says in one line that DATA_DIR cannot be written', async () => {
    const { code, stderr } = await start({ PORT: '0', DATA_DIR: '/dev/null/data' }).ended;
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'DATA_DIR /dev/null/data cannot be written: ENOTDIR\n',
    });
  });

  it('names every variable that cannot be used, and never its value', async () => {
    const { code, stderr } = await start({ PORT: 'http', JWT_SECRET: 'short', OPENAI_BASE_URL: 'nowhere' })
      .ended;
    expect(code).toBe(1);
    expect(stderr.match(/PORT|JWT_SECRET|OPENAI_BASE_URL/g)).toEqual([
      'PORT',
      'OPENAI_BASE_URL',
      'JWT_SECRET',
    ]);
    expect(stderr).not.toContain('short');
  });

  it('refuses its conveniences in production', async () => {
    const { code, stderr } = await start({ NODE_ENV: 'production', DATA_DIR: join(folder, 'production') })
      .ended;
    expect(code).toBe(1);
    for (const name of ['DATABASE_URL', 'OPENAI_API_KEY', 'JWKS_URL']) expect(stderr).toContain(name);
  });
});
