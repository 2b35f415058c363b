/**
 * `npm run acceptance`, as a process of its own, where something is not in order. That it finds nothing where all is well
 * is in image.test.ts.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startApplication, type TestApplication } from '../support/application.ts';
import { type ChangingProxy, startChangingProxy } from '../support/changing-proxy.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { type Program, runProgram } from '../support/process.ts';

const FOREIGN = 'https://foreign.invalid';

let application: TestApplication;
let proxy: ChangingProxy;
let token: string;

beforeAll(async () => {
  proxy = await startChangingProxy();
  application = await startApplication({ PUBLIC_URL: proxy.url });
  proxy.to(application.url);
  token = await application.token('acceptance');
}, 120_000);
afterEach(() => proxy.change());
afterAll(async () => {
  await application?.stop();
  await proxy?.stop();
});

function acceptance(args: readonly string[] = [], environment: Record<string, string> = {}): Program {
  return runProgram('acceptance/main.ts', ['--url', proxy.url, ...args], {
    THANKLY_TOKEN: token,
    ...environment,
  });
}

/** As the operator sees it, a moment later: sessions of anybody that were not deleted. */
async function notDeleted(): Promise<string[]> {
  const { body } = await httpClient(application.url, await application.token('sre', 'sre')).request(
    'GET',
    '/admin/sessions',
  );
  return body.sessions.flatMap(({ sessionId, state }: { sessionId: string; state: string }) =>
    state === 'erased' ? [] : [sessionId],
  );
}

describe('npm run acceptance', () => {
  it('says what does not hold, goes on with the rest, and deletes what it made', async () => {
    proxy.change((request, response) => {
      if (/\/chunks\/\d+$/.test(request.url ?? '')) {
        // Taken, whatever its checksum.
        request.resume();
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"received":[0]}');
        return true;
      }
      if (request.url === '/metrics') {
        response
          .writeHead(200, { 'content-type': 'text/plain' })
          .end('thankly_dead_letters{step="polish"} 0\n');
        return true;
      }
      if (request.method === 'OPTIONS' && request.url === '/flags') {
        const { origin = '' } = request.headers;
        response.writeHead(204, { 'access-control-allow-origin': origin }).end();
        return true;
      }
      return false;
    });
    const { code, stdout } = await acceptance().ended;
    expect(code).toBe(2);
    const lines = stdout.split('\n');
    const failed = lines.filter((line) => line.startsWith('  ✗'));
    expect(failed).toEqual([
      expect.stringContaining(`pages of other origins may not call it`),
      expect.stringContaining('it was taken, where 422 chunk_mismatch is due'),
      expect.stringContaining('missing: thankly_sessions_created_total'),
    ]);
    expect(failed[0]).toContain(FOREIGN);
    expect(lines).toContainEqual(expect.stringMatching(/✓ a recording sent in chunks becomes an entry/));
    expect(lines).toContainEqual('  – GET /admin/provider: needs --sre-token');
    expect(lines).toContainEqual(expect.stringMatching(/^ {2}– a person is forgotten: give --forget/));
    expect(lines.at(-2)).toBe('what was made is deleted again');
    expect(stdout).not.toContain(token);
    await eventually(async () => expect(await notDeleted()).toEqual([]), 5_000);
  });

  it('deletes what it made when it is interrupted', async () => {
    const program = acceptance();
    await program.printed(/becomes an entry/);
    program.child.kill('SIGINT');
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: 'interrupted: deleting what was made ...\n' });
    expect(stdout).toContain('what was made is deleted again');
    await eventually(async () => expect(await notDeleted()).toEqual([]), 5_000);
  });

  it.each([
    ['no token, and no development server', [], { THANKLY_TOKEN: '' }, 1, 'gives no development tokens'],
    ['a stale token', ['--token', 'a.b.c'], {}, 3, 'token_invalid'],
    ['nobody there', ['--url', 'http://127.0.0.1:1'], {}, 3, 'unreachable'],
    ['an option that there is not', ['--fast'], {}, 1, '--fast'],
  ] as const)('says in a line what is wrong: %s', async (_, args, environment, code, words) => {
    const ended = await acceptance(args, environment).ended;
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(words);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stdout).toBe('');
  });
});
