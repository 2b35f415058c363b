/** Who may do what: every operation of the API description, by everybody, and on what belongs to somebody else. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { wavBytes } from '../../src/ai/sandbox/wav-file.ts';
import type { Role } from '../../src/http/token-verifier.ts';
import { apiOperations, type Operation, pathOf } from '../support/api-operations.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { type Answer, httpClient } from '../support/http-client.ts';

const ROLES: readonly Role[] = ['user', 'viewer', 'release-manager', 'sre'];
const NOBODYS = '00000000-0000-4000-8000-000000000000';

/** The rule of the house, by what an operation's path begins with; the first that fits. */
const RULES: readonly [begins: RegExp, roles: readonly Role[]][] = [
  [/^POST \/rollouts\/\{flag\}\/rollback/, ['release-manager', 'sre']],
  [/^(GET) \/(rollouts|experiments)\//, ['viewer', 'release-manager', 'sre']],
  [/^\w+ \/rollouts\//, ['release-manager']],
  [/^\w+ \/admin\//, ['sre']],
  [/^\w+ \/(flags|audio|entries|users)(\/|$)/, ROLES],
];
const nameOf = ({ method, template }: Operation) => `${method} ${template}`;
const allowed = (operation: Operation) =>
  RULES.find(([begins]) => begins.test(nameOf(operation)))?.[1] ?? null;

let application: TestApplication;
let operations: Operation[];

beforeAll(async () => {
  application = await startApplication();
  operations = (await apiOperations(application.url)).filter(({ isOpen }) => !isOpen);
}, 300_000);
afterAll(() => application?.stop());

/** The answer's beginning; a stream is not read to its end. */
async function ask(operation: Operation, token: string | null, parameters: Record<string, string>) {
  const controller = new AbortController();
  const response = await fetch(`${application.url}${pathOf(operation, parameters)}`, {
    method: operation.method,
    headers: {
      connection: 'close',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(operation.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(operation.method === 'GET' ? {} : { body: '{}' }),
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(20_000)]),
  });
  const isJson = response.headers.get('content-type')?.includes('json') ?? false;
  const body = isJson ? ((await response.json()) as { code?: string }) : null;
  controller.abort();
  return { status: response.status, code: body?.code, body, headers: response.headers };
}

describe('every operation', () => {
  it('is under a rule: a new one is refused to everybody here until somebody says whose it is', () => {
    expect(operations.length).toBeGreaterThan(25);
    expect(operations.filter((operation) => allowed(operation) === null).map(nameOf)).toEqual([]);
  });

  it('is refused without a token, alike whether what it names exists or not', async () => {
    for (const operation of operations) {
      const { status, code, headers } = await ask(operation, null, { id: NOBODYS });
      expect([nameOf(operation), status, code]).toEqual([nameOf(operation), 401, 'token_missing']);
      expect(headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('takes a token from the header alone, never from the address', async () => {
    const token = await application.token('somebody', 'sre');
    for (const name of ['access_token', 'token', 'authorization', 'jwt']) {
      const response = await fetch(`${application.url}/flags?${name}=${token}`);
      expect([name, response.status]).toEqual([name, 401]);
    }
  });

  it.each(ROLES)('lets %s do what is theirs, and refuses the rest', async (role) => {
    const parameters = { id: NOBODYS, flag: 'no-such-flag', name: 'no-such-view', index: '0' };
    for (const operation of operations) {
      const token = await application.token(`${role} ${nameOf(operation)}`, role);
      const { status, code } = await ask(operation, token, parameters);
      const isTheirs = allowed(operation)?.includes(role);
      expect([nameOf(operation), code === 'role_forbidden' && status === 403]).toEqual([
        nameOf(operation),
        !isTheirs,
      ]);
      if (isTheirs)
        expect([nameOf(operation), status < 500 && status !== 401]).toEqual([nameOf(operation), true]);
    }
  });
});

describe('what belongs to somebody else', () => {
  const recording = wavBytes(dtmfSamples(numberedWords(4), { rate: 8_000 }), 8_000);
  let owner: ReturnType<typeof httpClient>;
  let entry: string;
  let underWay: string;

  beforeAll(async () => {
    owner = httpClient(application.url, await application.token('the owner'));
    entry = await owner.upload([recording]);
    await owner.complete(entry, [recording], { durationMs: 2_000 });
    expect((await owner.statusWhen(entry, owner.ended)).state).toBe('completed');
    underWay = await owner.upload([recording]);
  }, 60_000);

  const ofPeople = () => operations.filter(({ template }) => /^\/(audio|entries)\/.*\{id\}/.test(template));

  it.each<[string, () => string]>([
    ['a finished session', () => entry],
    ['one that is under way', () => underWay],
  ])(
    '%s is answered exactly as what is not there, by every operation',
    async (_, id) => {
      expect(ofPeople().length).toBeGreaterThanOrEqual(9);
      for (const operation of ofPeople()) {
        for (const role of ROLES) {
          const token = await application.token('a stranger', role);
          const body = BODIES[operation.template.split('/').at(-1) ?? ''] ?? {};
          const answers: Answer[] = [];
          for (const asked of [id(), NOBODYS]) {
            const path = `${pathOf(operation, { id: asked, index: '0' })}${
              operation.template.endsWith('/presign') ? '?chunks=0' : ''
            }`;
            const client = httpClient(application.url, token);
            answers.push(
              await client.request(operation.method, path, operation.method === 'POST' ? body : undefined),
            );
          }
          const [theirs, nobodys] = answers.map(({ status, body: answered, headers }) => ({
            status,
            body: answered,
            // How many more may come counts down by itself.
            headers: [...headers].filter(([name]) => name !== 'date' && name !== 'ratelimit'),
          }));
          expect([nameOf(operation), role, theirs?.status, theirs?.body.code]).toEqual([
            nameOf(operation),
            role,
            404,
            'session_not_found',
          ]);
          expect(theirs).toEqual(nobodys);
        }
      }
      expect((await owner.status(entry)).body.state).toBe('completed');
      expect((await owner.status(underWay)).body).toMatchObject({ state: 'recording', received: [0] });
    },
    60_000,
  );

  it('is in nobody else’s list, archive or status, and an Idempotency-Key is each one’s own', async () => {
    const stranger = httpClient(application.url, await application.token('another stranger'));
    expect((await stranger.request('GET', '/entries')).body.entries).toEqual([]);
    expect((await stranger.request('GET', '/users/me/export')).body).not.toContain(entry);
    const key = { 'idempotency-key': 'the-same' };
    const mine = await owner.create({}, key);
    const theirs = await stranger.create({}, key);
    expect(theirs.status).toBe(201);
    expect(theirs.body.sessionId).not.toBe(mine.body.sessionId);
  });

  it('is not reached by saying to be its owner in the request', async () => {
    const stranger = httpClient(application.url, await application.token('a third stranger'));
    for (const headers of [{ 'x-user-id': 'the owner' }, { 'x-forwarded-user': 'the owner' }])
      expect((await stranger.request('GET', `/entries/${entry}`, undefined, headers)).status).toBe(404);
    for (const extra of [
      { userId: 'the owner' },
      { role: 'sre' },
      { strategy: 'single' },
      { sessionId: entry },
    ])
      expect((await stranger.create(extra)).body.code).toBe('validation_failed');
  });
});

const ACKNOWLEDGED = { bytes: 1, sha256: 'a'.repeat(64) };
/** What is right of its form, by the last part of the path: that it is refused must be for whose it is. */
const BODIES: Record<string, object> = {
  '{index}': ACKNOWLEDGED,
  complete: {
    chunks: [{ index: 0, ...ACKNOWLEDGED }],
    durationMs: 1_000,
    stoppedAt: '2026-01-01T00:00:00Z',
  },
  fallback: { reason: 'chunk_rejected' },
};
