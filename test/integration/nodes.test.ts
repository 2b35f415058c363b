/** Nodes on one database find one another, and who differs from them in what must be the same does not start. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { postgresNodes } from '../../src/database/nodes.ts';
import { NodesAnswer } from '../../src/http/node-schemas.ts';
import { joinNodes, type MembershipOptions } from '../../src/nodes/membership.ts';
import type { Node } from '../../src/nodes/node-registry.ts';
import { JWT_SECRET, startApplication, type TestApplication } from '../support/application.ts';
import { createTestDatabase, type TestDatabase, withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { httpClient } from '../support/http-client.ts';
import { endProgram, type Program, runProgram } from '../support/process.ts';

const OTHER_SECRET = 'another secret, of thirty-two characters or more';

describe('the nodes in the database', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let ends: (() => Promise<unknown>)[];
  beforeEach(async () => {
    ends = [];
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.connectionString, max: 6 });
  }, 300_000);
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    await pool?.end();
    await database?.drop();
  }, 300_000);

  const node = (name: string, settings: Record<string, string>, changing: string[] = []): Node => ({
    id: randomUUID(),
    name,
    role: 'all',
    version: '1',
    changing,
    settings,
  });
  async function joined(of: Node, more: Partial<MembershipOptions> = {}) {
    const differences: string[] = [];
    const membership = await joinNodes({
      registry: postgresNodes(pool),
      node: of,
      only: false,
      onDifference: ({ setting, nodes }, how) => differences.push(`${setting} ${nodes.join()} ${how}`),
      onError: () => undefined,
      ...more,
    });
    ends.push(() => membership.leave());
    return { membership, differences };
  }
  const names = async () => (await postgresNodes(pool).alive(10)).map(({ name }) => name);

  it('say that they live, and are gone when they leave', async () => {
    const { membership } = await joined(node('a', {}));
    await joined(node('b', {}));
    expect(await names()).toEqual(['a', 'b']);
    await eventually(async () => {
      const alive = await postgresNodes(pool).alive(10);
      expect(Math.min(...alive.map(({ beats }) => beats))).toBeGreaterThan(0);
    });
    await membership.leave();
    expect(await names()).toEqual(['b']);
  });

  it('refuse one that differs, soon and for good, without leaving a trace of it', async () => {
    await joined(node('a', { S3_BUCKET: '1' }));
    await expect(joined(node('b', { S3_BUCKET: '2' }))).rejects.toMatchObject({
      code: 'nodes_disagree',
      settings: ['S3_BUCKET'],
      message: expect.stringContaining('S3_BUCKET: another than a has'),
    });
    expect(await names()).toEqual(['a']);
  });

  it('let one of two in that start at once and differ', async () => {
    const both = await Promise.allSettled([
      joined(node('a', { S3_BUCKET: '1' })),
      joined(node('b', { S3_BUCKET: '2' })),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await names()).toHaveLength(1);
  });

  it('that were killed keep nobody out: their rows run out', async () => {
    const dead = postgresNodes(pool);
    await dead.enter(node('killed', { S3_BUCKET: '1' }), () => true);
    await joined(node('next', { S3_BUCKET: '2' }));
    expect(await names()).toEqual(['next']);
  }, 30_000);

  it('know one again that was taken for dead, and tell of a difference that nobody could see before', async () => {
    const { differences } = await joined(node('a', { S3_BUCKET: '1', S3_REGION: '1' }));
    await pool.query('delete from nodes');
    await joined(node('b', { S3_BUCKET: '2', S3_REGION: '2' }));
    await eventually(() => expect(differences).toEqual(['S3_BUCKET b harmful', 'S3_REGION b freely']));
    expect((await names()).sort()).toEqual(['a', 'b']);
  });

  it('tell a difference once, whoever came first', async () => {
    const first = await joined(node('a', { JWT_SECRET: '1', S3_REGION: '1' }));
    const second = await joined(node('b', { JWT_SECRET: '2', S3_REGION: '2' }, ['JWT_SECRET']));
    expect(second.differences).toEqual(['JWT_SECRET a announced', 'S3_REGION a freely']);
    await eventually(() =>
      expect(first.differences).toEqual(['JWT_SECRET b announced', 'S3_REGION b freely']),
    );
    const [beats = 0] = (await postgresNodes(pool).alive(1)).map((each) => each.beats);
    await eventually(async () =>
      expect((await postgresNodes(pool).alive(1))[0]?.beats).toBeGreaterThan(beats + 1),
    );
    expect([first.differences.length, second.differences.length]).toEqual([2, 2]);
  });

  it('are not asked by one that has the database to itself', async () => {
    await postgresNodes(pool).enter(node('killed', { JWT_SECRET: '1' }), () => true);
    await joined(node('again', { JWT_SECRET: '2' }), { only: true });
    expect(await names()).toEqual(['again']);
  });
});

describe('an application beside another', () => {
  let first: TestApplication;
  let sre: ReturnType<typeof httpClient>;
  let folder: string;
  const beside: TestApplication[] = [];
  const programs: Program[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thankly-nodes-'));
    first = await startApplication();
    sre = httpClient(first.url, await first.token('oncall', 'sre'));
  }, 300_000);
  afterEach(async () => {
    for (const program of programs.splice(0)) await endProgram(program);
    for (const application of beside.splice(0)) await application.stop();
  }, 60_000);
  afterAll(async () => {
    await first?.stop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  async function start(environment: Record<string, string>): Promise<TestApplication> {
    const application = await startApplication({ ...first.stores, ...environment });
    beside.push(application);
    return application;
  }
  const nodes = async () => NodesAnswer.parse((await sre.request('GET', '/admin/nodes')).body);

  it('is listed for SREs alone', async () => {
    const { node, nodes: all, areAll, differences } = await nodes();
    expect([areAll, differences]).toEqual([true, []]);
    expect(all).toEqual([
      expect.objectContaining({ name: node, role: 'all', version: expect.stringMatching(/^\d+\.\d+\.\d+/) }),
    ]);
    const user = httpClient(first.url, await first.token('somebody'));
    expect((await user.request('GET', '/admin/nodes')).body).toMatchObject({ code: 'role_forbidden' });
  });

  it('does not start with files, a bucket or keys of its own; it says which setting it is, never its value', async () => {
    const ofIssuer = { JWKS_URL: 'https://login.example/keys', JWT_ISSUER: 'issuer', JWT_AUDIENCE: 'us' };
    const cases: [Record<string, string>, setting: string][] = [
      [{ DATA_DIR: folder }, 'S3_BUCKET'],
      [{ S3_BUCKET: 'elsewhere' }, 'S3_BUCKET'],
      [{ JWT_SECRET: OTHER_SECRET }, 'JWT_SECRET'],
      [{ ...ofIssuer, JWT_SECRET: '' }, 'JWKS_URL'],
    ];
    const { node } = await nodes();
    await Promise.all(
      cases.map(async ([changed, setting]) => {
        const error = await start(changed).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ code: 'nodes_disagree' });
        expect((error as Error).message).toContain(`${setting}: another than ${node} has`);
        for (const value of [JWT_SECRET, ...Object.values(changed)])
          if (value.length > 2) expect((error as Error).message).not.toContain(value);
      }),
    );
  }, 60_000);

  it('starts with other limits, which both tell', async () => {
    const second = await start({ SESSION_IDLE_SECONDS: '77', ROLE: 'api' });
    expect(
      second.logged.filter((line) => line.includes('nodes differ')).map((line) => JSON.parse(line)),
    ).toEqual([expect.objectContaining({ level: 'warn', setting: 'SESSION_IDLE_SECONDS', how: 'freely' })]);
    await eventually(() => expect(first.logged.join('\n')).toContain('SESSION_IDLE_SECONDS'));
    const { differences, nodes: all } = await nodes();
    expect(differences).toEqual([
      { setting: 'SESSION_IDLE_SECONDS', change: 'freely', groups: all.map(({ name }) => [name]) },
    ]);
    expect(JSON.stringify(differences)).not.toContain('77');
  });

  it('that only works needs no key of those who are let in', async () => {
    const worker = await start({ ROLE: 'worker', JWT_SECRET: OTHER_SECRET });
    expect((await fetch(`${worker.url}/readyz`)).status).toBe(200);
  });

  it('changes its secret when that is announced, and one with the old one may come back meanwhile', async () => {
    const rolled = await start({ JWT_SECRET: OTHER_SECRET, CONFIG_CHANGE: 'JWT_SECRET' });
    expect(rolled.logged.join('\n')).toContain('"how":"announced"');
    await start({}); // was killed in the middle of it
    const { differences, nodes: all } = await nodes();
    expect(all.map(({ changing }) => changing)).toEqual([[], ['JWT_SECRET'], []]);
    expect(
      differences.map(({ setting, groups }) => [setting, groups.map(({ length }) => length)]),
    ).toContainEqual(['JWT_SECRET', [2, 1]]);
  });

  it('is told so by npm start, in a line a setting and with exit code 1', async () => {
    const program = runProgram('src/main.ts', [], {
      ...first.stores,
      PORT: '0',
      OPENAI_API_KEY: 'sk-test',
      JWT_SECRET: OTHER_SECRET,
    });
    programs.push(program);
    const { code, stderr } = await program.ended;
    expect(code).toBe(1);
    expect(stderr).toContain('JWT_SECRET: another than');
    expect(stderr).toContain('docs/deploy.md#a-change-of-settings');
    expect(stderr).not.toContain(OTHER_SECRET);
  }, 60_000);
});

it('a node that was killed keeps out nobody with other settings, who may start right after', async () => {
  const database = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'thankly-nodes-'));
  const node = runProgram('src/main.ts', [], {
    DATABASE_URL: database.connectionString,
    DATA_DIR: folder,
    ROLE: 'worker',
    PORT: '0',
    OPENAI_API_KEY: 'sk-test',
    UNLEASH_URL: 'http://127.0.0.1:9', // it goes on without
    UNLEASH_API_TOKEN: 'default:development.x',
    UNLEASH_ADMIN_TOKEN: '*:*.x',
  });
  try {
    await node.printed(/^ready /m, 60_000);
    node.child.kill('SIGKILL');
    await node.ended;
    const next = await startApplication({ DATABASE_URL: database.connectionString }); // with files of its own
    expect((await fetch(`${next.url}/readyz`)).status).toBe(200);
    await next.stop();
    expect(
      await withClient(database.connectionString, (client) => client.query('table nodes')),
    ).toMatchObject({
      rows: [],
    });
  } finally {
    node.child.kill('SIGKILL');
    await node.ended;
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}, 120_000);
