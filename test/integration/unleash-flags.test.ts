/** Who gets chunked upload, on a real Unleash: shares, its own hash, changes, and Unleash going away and coming back. */

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FlagControl } from '../../flags/flag-control.ts';
import { adminApi } from '../../flags/unleash/admin-api.ts';
import { unleashFlagControl } from '../../flags/unleash/flag-control.ts';
import { startUnleashFlags, type UnleashFlags, type UnleashFlagsOptions } from '../../flags/unleash/flags.ts';
import { syncFlag } from '../../flags/unleash/sync.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { FLAG, STRATEGIES, startTestUnleash, strategiesOf, type TestUnleash } from '../support/unleash.ts';

/** Unleash's own: 1–100 for a user in a group; a user is in at N % when it is at most N. */
const { normalizedStrategyValue } = createRequire(import.meta.url)('unleash-client/lib/strategy/util.js') as {
  normalizedStrategyValue(id: string, groupId: string): number;
};

const environment = 'development';
const USERS = Array.from({ length: 10_000 }, (_, index) => `user-${index}`);

let unleash: TestUnleash;
let control: FlagControl;
let flags: UnleashFlags;
let backupFolder: string;
const started: UnleashFlags[] = [];
const errors: Error[] = [];

async function start(options: Partial<UnleashFlagsOptions> = {}): Promise<UnleashFlags> {
  const one = await startUnleashFlags({
    ...unleash.server,
    backupFolder,
    onError: (error) => errors.push(error),
    refreshMs: 200,
    ...options,
  });
  started.push(one);
  return one;
}

async function moveTo(percent: number): Promise<void> {
  await control.write(percent);
  await eventually(() => expect(flags.state()).toMatchObject({ percent, enabled: true }));
}

const chunkedOf = (which: UnleashFlags = flags) =>
  new Set(USERS.filter((user) => which.chunkedUpload(user).assignment.variant === 'chunked'));

beforeAll(async () => {
  unleash = await startTestUnleash();
  control = unleashFlagControl({ ...unleash.server, environment });
  await syncFlag(adminApi({ ...unleash.server, environment }), { environment });
  backupFolder = await mkdtemp(join(tmpdir(), 'thankly-flags-'));
  flags = await start();
}, 300_000);
afterAll(async () => {
  for (const each of started) await each.close();
  await unleash?.stop();
  await rm(backupFolder, { recursive: true, force: true });
});

describe('a fresh start', () => {
  it('stands at 5 %, and is known at once', () => {
    expect(flags.state()).toEqual({ synchronized: true, percent: 5, enabled: true });
  });

  it("gives the recorder page's user chunked upload, outside the experiment", () => {
    expect(flags.chunkedUpload('demo')).toEqual({
      assignment: { flag: 'chunked-upload', variant: 'chunked', percent: 5, reason: 'internal' },
      chunkSeconds: 5,
      concurrency: 2,
    });
  });
});

describe('the share of 10,000 users', () => {
  it('is within three standard errors of 5, 20 and 50 %, everybody at 100 %, and only ever grows', async () => {
    let before = new Set<string>();
    for (const percent of [5, 20, 50, 100]) {
      await moveTo(percent);
      const now = chunkedOf();
      const share = percent / 100;
      const standardErrors = Math.sqrt(USERS.length * share * (1 - share));
      expect(Math.abs(now.size - USERS.length * share)).toBeLessThanOrEqual(3 * standardErrors);
      expect([...before].filter((user) => !now.has(user))).toEqual([]);
      before = now;
    }
    expect(before.size).toBe(10_000);
  }, 60_000);

  it('is told with each assignment: percent, and the arm', async () => {
    await moveTo(20);
    const chunked = chunkedOf();
    for (const user of USERS.slice(0, 200)) {
      const reason = chunked.has(user) ? 'rollout' : 'control';
      expect(flags.chunkedUpload(user).assignment).toMatchObject({ percent: 20, reason });
    }
  });
});

describe("Unleash's own hash", () => {
  it('decides for every user at any percentage', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 100 }),
        fc.array(fc.oneof(fc.uuid(), fc.string({ unit: 'grapheme', minLength: 1 })), { minLength: 500 }),
        async (percent, users) => {
          await moveTo(percent);
          for (const user of users.filter((each) => each !== 'demo')) {
            const within = normalizedStrategyValue(user, 'chunked-upload') <= percent;
            expect([user, flags.chunkedUpload(user).assignment.reason]).toEqual([
              user,
              within ? 'rollout' : 'control',
            ]);
          }
        },
      ),
      { numRuns: 6 },
    );
  }, 60_000);

  it('is the hash of the server, too', async () => {
    await moveTo(50);
    for (const userId of USERS.slice(0, 20)) {
      const { features } = (await unleash.ask('POST', '/playground', {
        environment,
        projects: ['default'],
        context: { userId, appName: 'playground' },
      })) as { features: { isEnabled: boolean; variant: { name: string } }[] };
      const { variant } = flags.chunkedUpload(userId).assignment;
      expect([userId, features[0]?.isEnabled ?? null]).toEqual([userId, variant === 'chunked']);
    }
  });
});

describe('a change in Unleash', () => {
  it('is in force here within three seconds, and told', async () => {
    let changes = 0;
    const watching = await start({ refreshMs: 1_000, onChange: () => changes++ });
    await moveTo(5);
    await eventually(() => expect(watching.state().percent).toBe(5));
    const before = changes;
    await control.write(6);
    const at = performance.now();
    await eventually(() => expect(watching.state().percent).toBe(6), 3_000);
    expect(performance.now() - at).toBeLessThan(3_000);
    expect(changes).toBe(before + 1);
    await watching.close();
  });

  const edit = async (name: string, change: object) => {
    const { id, ...rest } = (await strategiesOf(unleash)).get(name) ?? { id: '' };
    await unleash.ask('PUT', `${STRATEGIES}/${id}`, { ...rest, ...change });
  };

  afterEach(() => moveTo(5));

  it('to "off" gives everybody the single upload', async () => {
    await unleash.ask('POST', `${FLAG}/environments/development/off`);
    await eventually(() => expect(flags.state().enabled).toBe(false));
    for (const user of ['demo', 'user-1']) {
      expect(flags.chunkedUpload(user).assignment).toEqual({
        flag: 'chunked-upload',
        variant: 'single',
        percent: 0,
        reason: 'flag-off',
      });
    }
  });

  it('that archives the flag does, too', async () => {
    await unleash.ask('DELETE', FLAG);
    await eventually(() => expect(flags.state()).toMatchObject({ percent: null, enabled: false }));
    expect(flags.chunkedUpload('demo').assignment).toMatchObject({ variant: 'single', reason: 'flag-off' });
  });

  it('that removes the rollout leaves only internal developers on, whatever else is on', async () => {
    const id = (await strategiesOf(unleash)).get('chunked')?.id;
    await unleash.ask('DELETE', `${STRATEGIES}/${id}`);
    await unleash.ask('POST', STRATEGIES, { name: 'default', parameters: {} });
    await eventually(() => expect(flags.state()).toMatchObject({ percent: null, enabled: true }));
    expect(flags.chunkedUpload('demo').assignment).toMatchObject({ variant: 'chunked', reason: 'internal' });
    expect(flags.chunkedUpload('user-1').assignment).toMatchObject({
      variant: 'single',
      percent: 0,
      reason: 'flag-off',
    });
  });

  it('that adds a second rollout is followed: who is on has it, the percentage is that of ours', async () => {
    await unleash.ask('POST', STRATEGIES, {
      name: 'flexibleRollout',
      parameters: { rollout: '100', stickiness: 'default', groupId: 'chunked-upload' },
    });
    await eventually(() => expect(chunkedOf().size).toBe(10_000));
    expect(flags.chunkedUpload('user-1').assignment).toMatchObject({ percent: 5, reason: 'rollout' });
  });

  it('that narrows the rollout is followed', async () => {
    const constraint = { contextName: 'userId', operator: 'IN', values: ['user-1'], inverted: false };
    await edit('chunked', {
      constraints: [constraint],
      parameters: { rollout: '100', stickiness: 'userId', groupId: 'chunked-upload' },
    });
    await eventually(() => expect([...chunkedOf()]).toEqual(['user-1']));
    expect(flags.chunkedUpload('user-2').assignment).toMatchObject({ percent: 100, reason: 'control' });
  });

  it('of the payload reaches those who have the flag', async () => {
    const variants = (await strategiesOf(unleash)).get('internal')?.variants ?? [];
    const payload = (value: string) =>
      variants.map((each) => ({ ...each, payload: { type: 'string', value } }));
    await edit('internal', { variants: payload('{"chunkSeconds":2.5,"concurrency":3}') });
    await eventually(() =>
      expect(flags.chunkedUpload('demo')).toMatchObject({ chunkSeconds: 2.5, concurrency: 3 }),
    );
    errors.length = 0;
    await edit('internal', { variants: payload('half a minute') });
    await eventually(() =>
      expect(flags.chunkedUpload('demo')).toMatchObject({ chunkSeconds: 5, concurrency: 2 }),
    );
    expect(errors.map(({ message }) => message)).toEqual([
      'the payload of a variant of the flag cannot be used, the defaults hold: internal half a minute',
    ]);
  });
});

describe('Unleash gone', () => {
  it('changes nothing for anybody, then or at the next start, nor when it is back', async () => {
    await moveTo(20);
    const before = chunkedOf();
    const { pid } = unleash.server;
    process.kill(pid, 'SIGKILL');
    // Whether the client meets nobody depends on how soon it is back: that it is gone is enough.
    await eventually(() => expect(() => process.kill(pid, 0)).toThrow());
    expect(chunkedOf()).toEqual(before);

    // Nobody listens there: a start without Unleash, whatever its own is doing by now.
    const away = { url: `http://127.0.0.1:${await freePort()}` };
    const at = performance.now();
    const restarted = await start(away);
    expect(performance.now() - at).toBeLessThan(3_000);
    expect(restarted.state()).toEqual({ synchronized: false, percent: 20, enabled: true });
    expect(chunkedOf(restarted)).toEqual(before);
    expect(restarted.chunkedUpload('demo').assignment.reason).toBe('internal');
    await restarted.close();

    await eventually(() => moveTo(50), 30_000);
    const after = chunkedOf();
    expect([...before].filter((user) => !after.has(user))).toEqual([]);
  }, 60_000);

  it.each([
    ['nothing', async () => undefined],
    ['half a file', (folder: string) => writeFile(join(folder, 'unleash-state.json'), '{"version":2,"featu')],
    [
      'something else',
      (folder: string) => writeFile(join(folder, 'unleash-state.json'), '{"features":[{"strategies":1}]}'),
    ],
  ])('at the first start, with %s on disk: everybody has the single upload', async (_, prepare) => {
    const folder = await mkdtemp(join(tmpdir(), 'thankly-flags-'));
    await prepare(folder);
    const first = await start({ backupFolder: folder, url: `http://127.0.0.1:${await freePort()}` });
    expect(first.state()).toEqual({ synchronized: false, percent: null, enabled: false });
    for (const user of ['demo', 'user-1']) {
      expect(first.chunkedUpload(user)).toEqual({
        assignment: { flag: 'chunked-upload', variant: 'single', percent: 0, reason: 'unleash-down' },
        chunkSeconds: 5,
        concurrency: 2,
      });
    }
    await first.close();
    await rm(folder, { recursive: true, force: true });
  });
});

describe('a token that Unleash does not know', () => {
  it('is told as unauthorized, without the token, and the last known state holds', async () => {
    await moveTo(5);
    await eventually(async () =>
      expect(await readFile(join(backupFolder, 'unleash-state.json'), 'utf8')).toContain('"rollout":"5"'),
    );
    errors.length = 0;
    const refused = await start({ clientToken: 'default:development.0123456789abcdef' });
    expect(errors).toEqual([expect.objectContaining({ name: 'FlagServerError', code: 'unauthorized' })]);
    expect(String(errors)).not.toContain('0123456789abcdef');
    expect(refused.state()).toEqual({ synchronized: false, percent: 5, enabled: true });
    expect(refused.chunkedUpload('demo').assignment.reason).toBe('internal');
  });

  it('that cannot be one is refused at once', async () => {
    await expect(start({ clientToken: 'two\nlines' })).rejects.toMatchObject({ code: 'unauthorized' });
  });
});

describe('an assignment', () => {
  it('takes far less than the 2 ms a request has for it', () => {
    for (const user of USERS.slice(0, 1_000)) flags.chunkedUpload(user);
    const times = USERS.map((user) => {
      const at = performance.now();
      flags.chunkedUpload(user);
      return performance.now() - at;
    }).sort((a, b) => a - b);
    expect(times[9_500]).toBeLessThan(0.2);
  });
});
