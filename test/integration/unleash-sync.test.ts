/** The flag as code on a real Unleash: whatever somebody did to it in its pages, a sync puts it right, and says what it did. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type AdminApi, adminApi } from '../../flags/unleash/admin-api.ts';
import { unleashFlagControl } from '../../flags/unleash/flag-control.ts';
import { syncFlag } from '../../flags/unleash/sync.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { FLAG, STRATEGIES, startTestUnleash, strategiesOf, type TestUnleash } from '../support/unleash.ts';

const CLI = fileURLToPath(new URL('../../flags/unleash/sync-cli.ts', import.meta.url));
const environment = 'development';
const WHOLE = { percent: 5, enabled: true, problems: [] };

let unleash: TestUnleash;
let api: AdminApi;

beforeAll(async () => {
  unleash = await startTestUnleash();
  api = adminApi({ ...unleash.server, environment });
}, 300_000);
afterAll(() => unleash?.stop());

const control = () => unleashFlagControl({ ...unleash.server, environment });
const sync = async (options: { turnOn?: boolean; percent?: number } = {}) => {
  const { changes } = await syncFlag(api, { environment, ...options });
  return changes.map(({ words }) => words);
};

type Options = { readonly environment?: Record<string, string>; readonly args?: readonly string[] };
function cli({ environment: variables, args = [] }: Options = {}) {
  const { url, adminToken } = unleash.server;
  const env = { PATH: process.env.PATH, UNLEASH_URL: url, UNLEASH_ADMIN_TOKEN: adminToken, ...variables };
  return new Promise<{ code: number; out: string; err: string }>((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', CLI, ...args],
      { env, timeout: 30_000 },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code), out, err });
      },
    );
  });
}

describe('an Unleash without the flag', () => {
  it('is told by --check, which changes nothing and exits 1', async () => {
    const { code, out } = await cli({ args: ['--check'] });
    expect(code).toBe(1);
    expect(out).toContain('there is no flag chunked-upload: it is made, at 5 %');
    expect(await control().read()).toEqual({
      percent: null,
      enabled: false,
      problems: ['flag_missing', 'segment_missing'],
    });
  });

  it('gets it whole, at 5 %, with one command', async () => {
    const { code, out } = await cli();
    expect([code, out]).toEqual([
      0,
      `chunked-upload at ${unleash.server.url}, development
  ~ there is no flag chunked-upload: it is made, at 5 %
  ~ there is no segment internal-developers: it is made
  ~ there is no strategy "chunked": it is made, at 5 %
  ~ there is no strategy "internal": it is made, at 100 %
  ~ the flag is off in development: it is turned on
changed
`,
    ]);
    expect(await control().read()).toEqual(WHOLE);
  });

  it('has the internal developers before the rollout', async () => {
    expect([...(await strategiesOf(unleash)).keys()]).toEqual(['internal', 'chunked']);
  });
});

describe('a flag that is as it should be', () => {
  it('is left alone', async () => {
    expect(await sync()).toEqual([]);
    expect(await cli()).toMatchObject({ code: 0, out: expect.stringContaining('\nunchanged\n') });
    expect(await cli({ args: ['--check'] })).toMatchObject({
      code: 0,
      out: expect.stringContaining('as it should be'),
    });
  });

  it('keeps its percentage, wherever it stands', async () => {
    await control().write(37);
    expect(await sync()).toEqual([]);
    expect(await control().read()).toEqual({ ...WHOLE, percent: 37 });
  });
});

describe('moving the rollout', () => {
  it('sets the percentage and reads it back', async () => {
    expect(await control().write(20)).toEqual({ ...WHOLE, percent: 20 });
    expect((await strategiesOf(unleash)).get('chunked')?.parameters.rollout).toBe('20');
    expect((await strategiesOf(unleash)).get('internal')?.parameters.rollout).toBe('100');
  });

  it('takes 0 and 100, and nothing else but whole numbers between', async () => {
    expect(await control().write(100)).toMatchObject({ percent: 100 });
    expect(await control().write(0)).toMatchObject({ percent: 0 });
    for (const percent of [-1, 101, 5.5, Number.NaN]) {
      await expect(control().write(percent)).rejects.toThrow(RangeError);
    }
  });

  it('mends what is broken on the way', async () => {
    await unleash.ask('DELETE', FLAG);
    expect(await control().write(5)).toEqual(WHOLE);
  });

  it('knows the page of the flag', () => {
    expect(control().page).toBe(`${unleash.server.url}/projects/default/features/chunked-upload`);
  });
});

describe('damage', () => {
  // Unleash may have ended by itself, and be on its way back.
  beforeEach(async () => {
    await eventually(() => control().write(5), 30_000);
  }, 40_000);

  const strategy = async (name: string) => {
    const found = (await strategiesOf(unleash)).get(name);
    if (found === undefined) throw new Error(`there is no strategy ${name}`);
    return found;
  };
  const edit = async (name: string, change: object) => {
    const { id, ...rest } = await strategy(name);
    await unleash.ask('PUT', `${STRATEGIES}/${id}`, { ...rest, ...change });
  };
  const segment = async () => {
    const { segments } = (await unleash.ask('GET', '/segments')) as {
      segments: { id: number; name: string; constraints: { values: string[] }[] }[];
    };
    const found = segments.find(({ name }) => name === 'internal-developers');
    if (found === undefined) throw new Error('there is no segment');
    return found;
  };
  const putSegment = async (constraints: readonly object[]) =>
    unleash.ask('PUT', `/segments/${(await segment()).id}`, { name: 'internal-developers', constraints });
  const users = (values: readonly string[], rest: object = {}) => ({
    contextName: 'userId',
    operator: 'IN',
    values,
    inverted: false,
    caseInsensitive: false,
    ...rest,
  });
  const database = async (sql: string, values: readonly unknown[]) => {
    const client = new pg.Client(unleash.connectionString);
    await client.connect();
    try {
      await client.query(sql, [...values]);
    } finally {
      await client.end();
    }
  };

  it.each<
    [string, () => Promise<unknown>, { problems: string[]; enabled?: boolean; percent?: number | null }]
  >([
    [
      'the flag archived',
      () => unleash.ask('DELETE', FLAG),
      { problems: ['flag_archived'], enabled: false, percent: null },
    ],
    [
      'the flag archived and deleted',
      async () => {
        await unleash.ask('DELETE', FLAG);
        await unleash.ask('DELETE', '/archive/chunked-upload');
      },
      { problems: ['flag_missing'], enabled: false, percent: null },
    ],
    [
      'the flag switched off',
      () => unleash.ask('POST', `${FLAG}/environments/development/off`),
      { problems: ['flag_disabled'], enabled: false },
    ],
    [
      'the rollout made sticky to chance',
      () =>
        edit('chunked', { parameters: { rollout: '5', stickiness: 'random', groupId: 'chunked-upload' } }),
      { problems: ['strategy_changed'] },
    ],
    [
      'the rollout in another group',
      () => edit('chunked', { parameters: { rollout: '5', stickiness: 'userId', groupId: 'another' } }),
      { problems: ['strategy_changed'] },
    ],
    [
      'a constraint on the rollout',
      () => edit('chunked', { constraints: [users(['only-me'])] }),
      { problems: ['strategy_changed'] },
    ],
    [
      'the rollout kept to the segment',
      async () => edit('chunked', { segments: [(await segment()).id] }),
      { problems: ['strategy_changed'] },
    ],
    [
      'the rollout switched off',
      () => edit('chunked', { disabled: true }),
      { problems: ['strategy_changed'], percent: null },
    ],
    [
      'another strategy beside ours',
      () => unleash.ask('POST', STRATEGIES, { name: 'default', parameters: {} }),
      { problems: ['strategy_added'] },
    ],
    [
      'a second rollout',
      () =>
        unleash.ask('POST', STRATEGIES, {
          name: 'flexibleRollout',
          parameters: { rollout: '50', stickiness: 'default', groupId: 'chunked-upload' },
        }),
      { problems: ['strategy_added'] },
    ],
    [
      'the strategies in the other order',
      async () =>
        unleash.ask('POST', `${STRATEGIES}/set-sort-order`, [
          { id: (await strategy('chunked')).id, sortOrder: 0 },
          { id: (await strategy('internal')).id, sortOrder: 1 },
        ]),
      { problems: ['strategy_changed'] },
    ],
    [
      'the rollout removed',
      async () => unleash.ask('DELETE', `${STRATEGIES}/${(await strategy('chunked')).id}`),
      { problems: ['strategy_missing'], percent: null },
    ],
    [
      'the internal developers for half of them',
      () =>
        edit('internal', { parameters: { rollout: '50', stickiness: 'userId', groupId: 'chunked-upload' } }),
      { problems: ['strategy_changed'] },
    ],
    [
      'the internal developers without their segment, which is everybody',
      () => edit('internal', { segments: [] }),
      { problems: ['strategy_changed'] },
    ],
    [
      'the segment deleted, and its strategy with it',
      async () => {
        await unleash.ask('DELETE', `${STRATEGIES}/${(await strategy('internal')).id}`);
        await unleash.ask('DELETE', `/segments/${(await segment()).id}`);
      },
      { problems: ['segment_missing', 'strategy_missing'] },
    ],
    ['the segment emptied', () => putSegment([]), { problems: ['segment_changed'] }],
    [
      'the segment turned round',
      () => putSegment([users(['demo'], { inverted: true })]),
      { problems: ['segment_changed'] },
    ],
    [
      'the segment without the demo user',
      () => putSegment([users(['else'])]),
      { problems: ['segment_changed'] },
    ],
    [
      'a payload that is no JSON',
      async () => {
        const { id, variants } = await strategy('chunked');
        const broken = variants.map((each) => ({
          ...each,
          payload: { type: 'json', value: '{"chunkSeconds": ' },
        }));
        // Unleash's pages refuse it; an import or an old version does not.
        await database('update unleash.feature_strategies set variants = $1 where id = $2', [
          JSON.stringify(broken),
          id,
        ]);
      },
      { problems: ['payload_invalid'] },
    ],
    [
      'a payload out of bounds',
      async () => {
        const { variants } = await strategy('chunked');
        const value = '{"chunkSeconds":0,"concurrency":2}';
        await edit('chunked', {
          variants: variants.map((each) => ({ ...each, payload: { type: 'json', value } })),
        });
      },
      { problems: ['payload_invalid'] },
    ],
  ])('%s: seen, and mended', async (_, damage, seen) => {
    await damage();
    expect(await control().read()).toEqual({ ...WHOLE, ...seen });
    expect(await sync()).not.toEqual([]);
    expect(await control().read()).toEqual(WHOLE);
    expect(await sync()).toEqual([]);
  });

  it('does not take the users out of the segment who were added in its page', async () => {
    await putSegment([users(['demo', 'ada'])]);
    expect(await control().read()).toEqual(WHOLE);
    await putSegment([users(['ada', 'grace'])]);
    expect(await sync()).toEqual(['the segment internal-developers lacks demo: added']);
    expect((await segment()).constraints[0]?.values).toEqual(['ada', 'grace', 'demo']);
  });

  it('keeps a payload that was tuned, and says so', async () => {
    const { variants } = await strategy('chunked');
    const payload = { type: 'json', value: '{"chunkSeconds":3,"concurrency":4}' };
    await edit('chunked', {
      variants: variants.map((each) => ({ ...each, payload })),
    });
    expect(await control().read()).toEqual({ ...WHOLE, problems: ['payload_changed'] });
    expect(await control().write(6)).toEqual({ ...WHOLE, percent: 6, problems: ['payload_changed'] });
    expect(await cli({ args: ['--check'] })).toMatchObject({
      code: 0,
      out: expect.stringContaining(
        'the payload of "chunked" is tuned to {"chunkSeconds":3,"concurrency":4}: it is kept',
      ),
    });
    await edit('chunked', {
      variants,
    });
  });

  describe('that is meant, when nobody asked for the sync (a start)', () => {
    it('leaves an archived flag archived', async () => {
      await unleash.ask('DELETE', FLAG);
      expect(await sync({ turnOn: false })).toEqual([]);
      expect(await control().read()).toMatchObject({ problems: ['flag_archived'] });
    });

    it('leaves a flag off that was switched off, and mends the rest of it', async () => {
      await unleash.ask('POST', `${FLAG}/environments/development/off`);
      await putSegment([]);
      expect(await sync({ turnOn: false })).toEqual([
        'the segment internal-developers is no list of users: it is made one',
      ]);
      expect(await control().read()).toEqual({ ...WHOLE, enabled: false, problems: ['flag_disabled'] });
    });

    it('leaves a rollout off that was switched off or removed', async () => {
      await edit('chunked', { disabled: true });
      expect(await sync({ turnOn: false })).toEqual([]);
      await unleash.ask('DELETE', `${STRATEGIES}/${(await strategy('chunked')).id}`);
      expect(await sync({ turnOn: false })).toEqual([]);
      expect(await control().read()).toMatchObject({ percent: null, problems: ['strategy_missing'] });
    });

    it('makes a flag that was never there, and turns it on', async () => {
      await unleash.ask('DELETE', FLAG);
      await unleash.ask('DELETE', '/archive/chunked-upload');
      expect(await sync({ turnOn: false, percent: 5 })).toHaveLength(4);
      expect(await control().read()).toEqual(WHOLE);
    });
  });
});

describe('an Unleash that refuses', () => {
  const reading = (options: { url?: string; adminToken?: string; environment?: string }) =>
    unleashFlagControl({ ...unleash.server, environment, ...options }).read();

  it('answers an unknown token with unauthorized', async () => {
    const adminToken = '*:*.0123456789abcdef';
    await expect(reading({ adminToken })).rejects.toMatchObject({
      name: 'FlagServerError',
      code: 'unauthorized',
      message: expect.not.stringContaining('0123456789abcdef'),
    });
  });

  it("answers the application's token with forbidden", async () => {
    const adminToken = unleash.server.clientToken;
    await expect(reading({ adminToken })).rejects.toMatchObject({ code: 'forbidden' });
  });

  it('does not have the environment: rejected', async () => {
    await expect(reading({ environment: 'mars' })).rejects.toMatchObject({
      code: 'rejected',
      message: 'Unleash has no environment "mars" in default',
    });
  });

  it('makes the command exit 3, in one line, without the token', async () => {
    const { code, out, err } = await cli({
      environment: { UNLEASH_ADMIN_TOKEN: unleash.server.clientToken },
    });
    expect(code).toBe(3);
    expect(err).toMatch(/^flags:sync: Unleash answered 403 to GET \/segments.*\n$/);
    expect(out + err).not.toContain(unleash.server.clientToken);
  });
});

describe('the command', () => {
  it('finds the embedded Unleash by DATA_DIR alone', async () => {
    const variables = { UNLEASH_URL: '', UNLEASH_ADMIN_TOKEN: '', DATA_DIR: unleash.dataDir };
    expect(await cli({ args: ['--check'], environment: variables })).toMatchObject({
      code: 0,
      out: expect.stringContaining(unleash.server.url),
    });
  });

  it('says what to do where there is none', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'thankly-unleash-none-'));
    const { code, err } = await cli({ environment: { UNLEASH_URL: '', DATA_DIR: empty } });
    await rm(empty, { recursive: true });
    expect([code, err]).toEqual([
      2,
      `flags:sync: no embedded Unleash runs on ${empty}: start the application, or set UNLEASH_URL and UNLEASH_ADMIN_TOKEN\n`,
    ]);
  });

  it.each([
    ['an unknown option', { args: ['--force'] }, /Unknown option '--force'/],
    ['a URL that is none', { environment: { UNLEASH_URL: 'unleash' } }, /UNLEASH_URL: /],
    ['no admin token', { environment: { UNLEASH_ADMIN_TOKEN: '' } }, /UNLEASH_ADMIN_TOKEN: is needed/],
    ['an environment that is no name', { args: ['--environment', 'a b'] }, /environment: /],
  ])('exits 2 for %s', async (_, given, said) => {
    const { code, err } = await cli(given);
    expect(code).toBe(2);
    expect(err).toMatch(said);
  });

  it('takes the address with /api, as the clients have it', async () => {
    const { code } = await cli({ args: ['--check', '--url', `${unleash.server.url}/api/`] });
    expect(code).toBe(0);
  });

  it('exits 3 when nobody answers', async () => {
    const { code, err } = await cli({ args: ['--url', `http://127.0.0.1:${await freePort()}`] });
    expect([code, err]).toEqual([
      3,
      'flags:sync: Unleash cannot be reached for GET /segments: ECONNREFUSED\n',
    ]);
  });
});
