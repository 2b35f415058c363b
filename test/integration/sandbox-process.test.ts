/** The life of the sandbox provider's process: how it starts, what it refuses, and that it never outlives its parent. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { eventually } from '../support/eventually.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';

const MAIN = 'src/ai/sandbox/main.ts';
const programs: Program[] = [];
const sandboxes: Sandbox[] = [];
afterEach(async () => {
  await Promise.all(programs.splice(0).map(endProgram));
  await Promise.all(sandboxes.splice(0).map((sandbox) => sandbox.stop()));
});

function run(args: string[], environment: Record<string, string> = {}): Program {
  const program = runProgram(MAIN, args, environment);
  programs.push(program);
  return program;
}
async function launch(options: Parameters<typeof startSandbox>[0] = {}): Promise<Sandbox> {
  const sandbox = await startSandbox(options);
  sandboxes.push(sandbox);
  return sandbox;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
const stats = (url: string) => fetch(`${url}/sandbox/stats`, { signal: AbortSignal.timeout(5_000) });

describe('the sandbox provider by hand', () => {
  it('says what it is, where it listens, and ends in order on SIGTERM', async () => {
    const program = run([]);
    const [, url = ''] = await program.printed(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
    expect((await stats(url)).headers.get('x-provider')).toBe('sandbox');
    program.child.kill('SIGTERM');
    const { code, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('SANDBOX PROVIDER: not a real AI');
  });

  it('ends at once on SIGTERM although a call waits for an answer that never comes', async () => {
    const program = run([]);
    const [, url = ''] = await program.printed(/^ready (\S+)$/m);
    await fetch(`${url}/sandbox/faults`, { method: 'POST', body: '{"mode":"timeout"}' });
    const call = fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-x' },
      body: '{}',
    });
    const broken = expect(call).rejects.toThrow();
    await eventually(async () => expect(await (await stats(url)).json()).toMatchObject({ underWay: 1 }));
    program.child.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    await broken;
  });

  it('refuses production', async () => {
    const { code, stdout, stderr } = await run([], { NODE_ENV: 'production' }).ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe(
      'The sandbox provider does not run in production (NODE_ENV=production): set OPENAI_API_KEY.\n',
    );
  });

  it('explains itself', async () => {
    const { code, stdout } = await run(['--help']).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('--latency');
  });

  it.each([
    [['--port', '70000'], {}, '--port: 0 to 65535\n'],
    [['--seed', 'x'], {}, '--seed: a whole number\n'],
    [['--recogniser', 'me'], {}, '--recogniser: auto or none\n'],
    [[], { SANDBOX_LATENCY: 'slow' }, '--latency (or SANDBOX_LATENCY): none or published\n'],
  ])('says in a line what is wrong with %j %j', async (args, environment, line) => {
    const { code, stderr } = await run(args, environment).ended;
    expect([code, stderr]).toEqual([1, line]);
  });

  it('says that its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const address = other.address();
      const port = typeof address === 'object' && address !== null ? String(address.port) : '';
      const { code, stderr } = await run(['--port', port]).ended;
      expect(code).toBe(1);
      expect(stderr).toContain(`Port ${port} is in use: choose another with --port.\n`);
    } finally {
      other.close();
    }
  });
});

describe('the sandbox provider that was launched', () => {
  it('is ready when it was started, logs its banner, and is gone when it was stopped', async () => {
    const logged: string[] = [];
    const sandbox = await launch({ onLog: (text) => logged.push(text) });
    expect((await stats(sandbox.url)).status).toBe(200);
    expect(logged.join('')).toContain('SANDBOX PROVIDER');
    await sandbox.stop();
    expect(lives(sandbox.pid)).toBe(false);
    await sandbox.stop();
  });

  it('says why it did not start', async () => {
    const before = process.env.NODE_ENV;
    process.env.NODE_ENV = 'production';
    try {
      await expect(launch()).rejects.toThrow(/ended while it started: .*does not run in production/);
    } finally {
      process.env.NODE_ENV = before;
    }
  });

  it('is told none of our secrets', async () => {
    process.env.THANKLY_TEST_SECRET = 'sk-very-secret';
    try {
      const { pid } = await launch();
      const { readFile } = await import('node:fs/promises');
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      expect(environment).not.toContain('sk-very-secret');
    } finally {
      delete process.env.THANKLY_TEST_SECRET;
    }
  });

  it('takes its time when it was told to', async () => {
    const { url } = await launch({ latency: 'published' });
    const started = performance.now();
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-x' },
      body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'hello' }] }),
    });
    expect(response.status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(100);
  });

  it('ends with its parent, also when that is killed', async () => {
    const script = `
      import { startSandbox } from '${new URL('../../src/ai/sandbox/launch.ts', import.meta.url).href}';
      const { pid, url } = await startSandbox();
      process.stdout.write(JSON.stringify({ pid, url }) + '\\n');
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(parent.stdout, 'data');
    const { pid, url } = JSON.parse(String(line));
    expect((await stats(url)).status).toBe(200);
    expect(lives(pid)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => expect(lives(pid)).toBe(false));
  });
});
