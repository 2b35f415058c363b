/** What holds when Unleash answers wrongly, late or not at all. The real one: test/integration/unleash-flags.test.ts. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../test/support/eventually.ts';
import { startUnleashFlags, type UnleashFlags } from './flags.ts';

const SEGMENT = { id: 1, constraints: [{ contextName: 'userId', operator: 'IN', values: ['demo'] }] };

const strategy = (
  variant: string,
  rollout: string,
  segments: number[] = [],
  value = '{"chunkSeconds":4,"concurrency":3}',
) => ({
  name: 'flexibleRollout',
  parameters: { rollout, stickiness: 'userId', groupId: 'chunked-upload' },
  constraints: [],
  segments,
  variants: [{ name: variant, weight: 1000, stickiness: 'userId', payload: { type: 'json', value } }],
});
const state = (strategies: readonly unknown[], feature: object = {}) => ({
  version: 2,
  features: [{ name: 'chunked-upload', enabled: true, strategies, ...feature }],
  segments: [SEGMENT],
});
const AT_HUNDRED = state([strategy('internal', '100', [1]), strategy('chunked', '100')]);

/** What the next question is answered with; a function holds the answer in its hands. */
let answer: { status: number; body: string } | ((response: ServerResponse) => void);
let questions = 0;
let server: Server;
let url: string;
let folder: string;
let flags: UnleashFlags | undefined;
const errors: (Error & { code?: string })[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'thankly-flags-'));
  errors.length = 0;
  questions = 0;
  server = createServer((request, response) => {
    if (!request.url?.startsWith('/api/client/features')) return void response.writeHead(202).end();
    questions++;
    if (typeof answer === 'function') return answer(response);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterEach(async () => {
  await flags?.close();
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const says = (body: unknown, status = 200) => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
};
async function start(): Promise<UnleashFlags> {
  flags = await startUnleashFlags({
    url,
    clientToken: 'default:development.secret',
    backupFolder: folder,
    refreshMs: 20,
    onError: (error) => errors.push(error),
  });
  return flags;
}
const variantOf = (user: string) => flags?.chunkedUpload(user).assignment;

it('takes variant, percent and payload from what Unleash says', async () => {
  says(AT_HUNDRED);
  expect((await start()).chunkedUpload('ada')).toEqual({
    assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 100, reason: 'rollout' },
    chunkSeconds: 4,
    concurrency: 3,
  });
  expect(errors).toEqual([]);
});

describe.each([
  ['refuses the token', 401, '{}', 'unauthorized'],
  ['forbids', 403, '{}', 'forbidden'],
  ['fails', 503, 'no', 'failing'],
  ['is not there', 404, 'no', 'rejected'],
  ['is a page', 200, '<html>hello</html>', 'invalid_answer'],
  ['is something else', 200, '{"status":"maintenance"}', 'invalid_answer'],
])('an Unleash that %s', (_, status, body, code) => {
  it('changes nothing, is told once, and is asked again', async () => {
    says(AT_HUNDRED);
    await start();
    says(body, status);
    await eventually(() =>
      expect(errors).toEqual([expect.objectContaining({ name: 'FlagServerError', code })]),
    );
    const before = questions;
    await eventually(() => expect(questions).toBeGreaterThan(before + 1));
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).not.toContain('secret');
    expect(variantOf('ada')).toMatchObject({ variant: 'chunked', reason: 'rollout', percent: 100 });

    says(state([strategy('chunked', '0')]));
    await eventually(() =>
      expect(variantOf('ada')).toMatchObject({ variant: 'single', reason: 'control', percent: 0 }),
    );
  });
});

it('does not trip over strategies that cannot be evaluated: the single upload, and told', async () => {
  says(AT_HUNDRED);
  await start();
  says(state([{ ...strategy('chunked', '100'), constraints: [{ contextName: 'userId', operator: 'IN' }] }]));
  await eventually(() => expect(variantOf('ada')).toMatchObject({ variant: 'single', reason: 'flag-off' }));
  says({ version: 2, features: [{ name: 'chunked-upload', enabled: true, strategies: 'none' }] });
  await eventually(() => expect(variantOf('ada')).toMatchObject({ variant: 'single' }));
  expect(errors.map(({ code }) => code)).toContain('invalid_answer');
});

it('waits two seconds for an Unleash that does not answer, and no longer', async () => {
  answer = () => undefined;
  const at = performance.now();
  await start();
  expect(performance.now() - at).toBeLessThan(2_500);
  expect(variantOf('ada')).toMatchObject({ variant: 'single', reason: 'unleash-down', percent: 0 });
  says(AT_HUNDRED); // in use as soon as it is there
  server.closeAllConnections();
  await eventually(() => expect(variantOf('ada')).toMatchObject({ variant: 'chunked' }));
});

it('tells each payload that cannot be used once, and goes on with the defaults', async () => {
  says(
    state([strategy('internal', '100', [1], '{"chunkSeconds":900}'), strategy('chunked', '100', [], 'five')]),
  );
  const { chunkedUpload } = await start();
  expect([chunkedUpload('demo').chunkSeconds, chunkedUpload('ada').chunkSeconds]).toEqual([5, 5]);
  const before = questions;
  await eventually(() => expect(questions).toBeGreaterThan(before + 3));
  expect(errors.map(({ message }) => message.replace(/.*: /, ''))).toEqual([
    'internal {"chunkSeconds":900}',
    'chunked five',
  ]);
});

it('closed with a question under way, it ends quietly whatever becomes of that', async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', note);
  says(AT_HUNDRED);
  await start();
  const held: ServerResponse[] = [];
  answer = (response) => void held.push(response);
  await eventually(() => expect(held).toHaveLength(1));
  await flags?.close();
  held[0]?.writeHead(401).end();
  await new Promise((resolve) => setTimeout(resolve, 100)); // for what must not come, there is nothing to wait for
  process.off('unhandledRejection', note);
  expect([unhandled, errors]).toEqual([[], []]);
});
