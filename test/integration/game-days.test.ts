/** The faults of game days, made on real parts and ended again; and `npm run gameday` as a process of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Target } from '../../gameday/fault.ts';
import { badCohort } from '../../gameday/faults/bad-cohort.ts';
import { dbRestart } from '../../gameday/faults/db-restart.ts';
import { diskFull } from '../../gameday/faults/disk-full.ts';
import { poisonEvent } from '../../gameday/faults/poison-event.ts';
import { providerDown } from '../../gameday/faults/provider-down.ts';
import { providerSlow } from '../../gameday/faults/provider-slow.ts';
import { unleashDown } from '../../gameday/faults/unleash-down.ts';
import { startEmbeddedPostgres } from '../../src/database/embedded.ts';
import { createPool } from '../../src/database/pool.ts';
import { DiskObjectStore } from '../../src/objects/disk/disk-object-store.ts';
import { runningParts } from '../../src/parts-file.ts';
import { JWT_SECRET, startApplication, type TestApplication } from '../support/application.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { httpClient } from '../support/http-client.ts';
import { describeIf } from '../support/optional.ts';
import { endProgram, runProgram } from '../support/process.ts';

const MB = 1024 * 1024;

let application: TestApplication;
let sre: ReturnType<typeof httpClient>;
const notes: string[] = [];

beforeAll(async () => {
  application = await startApplication({ OPENAI_API_KEY: '', OPENAI_BASE_URL: '' }, { unleash: true });
  sre = httpClient(application.url, await application.token('oncall', 'sre'));
}, 300_000);
afterAll(() => application?.stop(), 60_000);

function target(changes: Partial<Target> = {}): Target {
  return {
    url: application.url,
    dataDir: application.dataDir,
    databaseUrl: application.connectionString,
    sandboxUrl: undefined,
    tokenSecret: JWT_SECRET,
    leaveBytes: 48 * MB,
    really: false,
    interrupted: new AbortController().signal,
    note: (line) => notes.push(line),
    ...changes,
  };
}

async function sandboxMode(): Promise<string> {
  const { sandbox } = runningParts(application.dataDir) ?? {};
  const response = await fetch(`${sandbox?.url}/sandbox/faults`);
  return ((await response.json()) as { mode: string }).mode;
}

type DeadLetter = { readonly stream: string; readonly of: string; readonly kind: string };
async function deadLetters(): Promise<DeadLetter[]> {
  return (await sre.request('GET', '/admin/dead-letters')).body.deadLetters;
}

/** "T: stopped (on a signal)" (proc(5)). */
const stateOf = (pid: number) => /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];

describe('on a running system', () => {
  it.each([
    { fault: providerDown, mode: 'status' },
    { fault: providerSlow, mode: 'slow' },
  ])('$fault.name is made at the sandbox provider that the application started', async ({ fault, mode }) => {
    expect(await fault.check(target())).toContain('tells the sandbox provider at http://127.0.0.1:');
    await fault.begin(target());
    expect(await sandboxMode()).toBe(mode);
    await fault.end(target());
    expect(await sandboxMode()).toBe('none');
  });

  it('a real provider is left alone, and it says so', async () => {
    const elsewhere = target({ dataDir: join(application.dataDir, 'elsewhere') });
    await expect(providerDown.check(elsewhere)).rejects.toMatchObject({
      code: 'no_sandbox',
      message: expect.stringContaining('A real provider cannot be turned off from here'),
    });
  });

  it('poison-event parks one stream of one consumer, and ending it leaves nothing', async () => {
    await poisonEvent.begin(target());
    const [parked] = await eventually(async () => {
      const found = await deadLetters();
      expect(found).toMatchObject([{ kind: 'consumer', of: 'session-list-v1-g1', code: 'P0001' }]);
      return found as [DeadLetter];
    });
    // Requeued too early, as somebody on call might: it is parked again.
    await sre.request('POST', '/admin/dead-letters/requeue');
    await eventually(async () => expect(await deadLetters()).toMatchObject([{ requeued: false }]));

    await poisonEvent.end(target());
    expect(await deadLetters()).toEqual([]);
    expect(notes.at(-1)).toBe(`${parked.stream} is handled again`);
    await eventually(async () =>
      expect((await sre.request('GET', '/admin/sessions')).body.sessions).toEqual([]),
    );
    // As a game day that was killed is healed, and one that was not: nothing is left to do.
    await poisonEvent.end(target());
  }, 60_000);

  it('unleash-down stops Unleash and lets it go on', async () => {
    const pid = runningParts(application.dataDir)?.unleash?.pid ?? 0;
    const viewer = httpClient(application.url, await application.token('somebody', 'viewer'));
    const effect = async () => (await viewer.request('GET', '/rollouts/chunked-upload')).body.effect.state;
    await unleashDown.begin(target());
    await eventually(() => expect(stateOf(pid)).toBe('T'));
    await eventually(async () => expect(await effect()).toBe('failing'), 40_000);
    await unleashDown.end(target());
    await eventually(() => expect(stateOf(pid)).not.toBe('T'));
    await eventually(async () => expect(await effect()).toBe('in-force'), 40_000);
  }, 90_000);

  it('knows an Unleash that was started again', async () => {
    const before = runningParts(application.dataDir)?.unleash;
    process.kill(before?.pid ?? 0, 'SIGKILL');
    const after = await eventually(() => {
      const now = runningParts(application.dataDir)?.unleash;
      expect(now?.pid).not.toBe(before?.pid);
      return now;
    }, 40_000);
    expect(after?.url).toBe(before?.url);
  }, 60_000);

  it('db-restart ends every session of the database, and the application goes on', async () => {
    await dbRestart.begin(target());
    expect(notes.at(-1)).toMatch(/^ended \d\d? sessions of the database$/);
    await dbRestart.end(target());
    const user = httpClient(application.url, await application.token('somebody'));
    const { body } = await user.create();
    await eventually(async () => {
      const { sessions } = (await sre.request('GET', '/admin/sessions')).body;
      expect(sessions).toMatchObject([{ sessionId: body.sessionId }]);
    });
  }, 60_000);

  it('bad-cohort is refused where nobody has chunked upload', async () => {
    expect(await badCohort.check(target())).toContain('the rollout stands at 5 %; the autopilot is off');
    await sre.request('POST', '/rollouts/chunked-upload/rollback', { reason: 'a test' });
    await expect(badCohort.check(target())).rejects.toMatchObject({ code: 'nobody_chunked' });
  });

  it('what is reached by no password is told without one', async () => {
    const databaseUrl = `postgres://thankly:secret@127.0.0.1:${await freePort()}/thankly`;
    const refused = await dbRestart.check(target({ databaseUrl })).catch((error) => error);
    expect(refused).toMatchObject({
      code: 'no_database',
      message: 'the database cannot be reached (ECONNREFUSED)',
    });
  });
});

describe('an embedded PostgreSQL', () => {
  it('recovers from db-restart: every connection breaks, nothing that was committed is lost', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'thankly-gameday-'));
    const server = await startEmbeddedPostgres(dataDir);
    const pool = createPool({ ...server, name: 'test', max: 1, onError: () => undefined });
    try {
      await pool.query('create table kept as select 1 as one');
      const backend = async () => (await pool.query('select pg_backend_pid() as pid')).rows[0].pid;
      const before = await backend();
      const embedded = target({ dataDir, databaseUrl: undefined });
      expect(await dbRestart.check(embedded)).toContain('the embedded PostgreSQL');
      await dbRestart.begin(embedded);
      await eventually(async () => expect(await backend()).not.toBe(before), 20_000);
      expect((await pool.query('select one from kept')).rows).toEqual([{ one: 1 }]);
    } finally {
      await pool.end();
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
    await expect(dbRestart.check(target({ dataDir, databaseUrl: undefined }))).rejects.toMatchObject({
      code: 'no_database',
    });
  }, 60_000);
});

/** Why no small file system can be made here; null when one can. */
function tmpfsMissing(): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'thankly-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder], { stdio: 'ignore' });
    execFileSync('umount', [folder], { stdio: 'ignore' });
    return null;
  } catch {
    return 'a tmpfs cannot be mounted (needs root)';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describeIf(tmpfsMissing(), 'disk-full on a small file system', () => {
  let dataDir: string;
  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'thankly-small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=192m', 'tmpfs', dataDir]);
  });
  afterAll(() => {
    execFileSync('umount', [dataDir]);
    rmSync(dataDir, { recursive: true });
  });

  it('fills it so far that recordings are refused, and gives it back', async () => {
    const small = target({ dataDir });
    await expect(diskFull.check(small)).rejects.toMatchObject({ code: 'no_disk_store' });
    const objects = await DiskObjectStore.open({
      root: join(dataDir, 'objects'),
      publicUrl: () => 'http://127.0.0.1',
      secret: 'a secret for tests',
    });
    const put = () => objects.put('a/b', Buffer.alloc(1_000), { contentType: 'audio/wav' });
    await put();
    expect(await diskFull.check(small)).toMatch(/^writes 151 MB to .*; 50 MB stay free$/);
    await diskFull.begin(small);
    const { bavail, bsize } = statfsSync(dataDir);
    expect(bavail * bsize).toBeGreaterThan(47 * MB);
    expect(bavail * bsize).toBeLessThanOrEqual(48 * MB);
    await expect(put()).rejects.toThrow('full');
    await diskFull.end(small);
    await put();
    await diskFull.end(small); // nothing is left: nothing to do
    await objects.close();
  });

  it('leaves a large one alone unless somebody really means it', async () => {
    // The tests' own DATA_DIR is on the machine's disk.
    await expect(diskFull.check(target())).rejects.toMatchObject({ code: 'disk_too_large' });
  });
});

describe('npm run gameday', () => {
  const start = (...args: string[]) =>
    runProgram(
      'gameday/main.ts',
      ['--url', application.url, '--data-dir', application.dataDir, '--token-secret', JWT_SECRET, ...args],
      { DATABASE_URL: application.connectionString },
    );

  it('says what it would do and does nothing, with --dry-run', async () => {
    const { code, stdout } = await start('provider-down', '--dry-run').ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/does +tells the sandbox provider at http.* to answer 503\n/);
    expect(stdout).toContain('Nothing was done: --dry-run.');
    expect(await sandboxMode()).toBe('none');
  }, 30_000);

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'ends the fault when it gets %s',
    async (signal) => {
      const program = start('provider-down', '--no-traffic');
      await program.printed(/the fault begins/);
      await eventually(async () => expect(await sandboxMode()).toBe('status'));
      program.child.kill(signal);
      const { code, stderr } = await program.ended;
      expect({ code, stderr }).toEqual({ code: 130, stderr: expect.stringContaining('the fault has ended') });
      expect(await sandboxMode()).toBe('none');
    },
    30_000,
  );

  it('heals what one that was killed has left', async () => {
    const program = start('provider-down', '--no-traffic');
    await eventually(async () => expect(await sandboxMode()).toBe('status'), 20_000);
    program.child.kill('SIGKILL');
    await program.ended;
    expect(await sandboxMode()).toBe('status');
    const { code, stdout } = await start('provider-down', '--heal').ended;
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Nothing of provider-down is left.\n' });
    expect(await sandboxMode()).toBe('none');
  }, 40_000);

  it('sends traffic meanwhile, and tells what became of it', async () => {
    const short = ['--chunked-wait', '0.1', '--single-wait', '0.1', '--rate', '4'];
    const { code, stdout, stderr } = await start('poison-event', '--for', '2s', '--', ...short).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('is handled again') });
    expect(stdout).toMatch(/^(chunked|single): 8 recordings, 8 completed$/m);
    expect(stdout).toContain('Ended. The stream is requeued');
  }, 60_000);

  it('is 1, with one line, for a name that is none', async () => {
    expect(await start('bad-weather').ended).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^there is no game day bad-weather: one of .*\n$/),
    });
  }, 30_000);

  it('is 3 when the application is not there, and when the fault cannot be made', async () => {
    const nowhere = runProgram('gameday/main.ts', [
      'provider-down',
      '--url',
      `http://127.0.0.1:${await freePort()}`,
    ]);
    expect(await nowhere.ended).toMatchObject({ code: 3, stderr: expect.stringContaining('Is it running') });
    const { code, stderr } = await start('disk-full').ended;
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining('(disk_too_large)') });
    await endProgram(nowhere);
  }, 30_000);
});
