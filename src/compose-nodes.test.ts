import { describe, expect, it } from '@jest/globals';
import { settingsOf } from './compose-nodes.ts';
import { readConfig, VARIABLES } from './config.ts';
import { ANNOUNCED, SETTING_NAMES } from './nodes/settings.ts';

/** In which nodes need not agree: where each is, what it takes at once, how it reaches what all share, and for how long. */
const OF_EACH_NODE = [
  ...['PORT', 'HOST', 'ROLE', 'PUBLIC_URL', 'DATA_DIR', 'TRUST_PROXY', 'PLAINTEXT_HOSTS', 'LOG_LEVEL'],
  ...['DATABASE_URL', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_FORCE_PATH_STYLE'],
  ...['UNLEASH_ADMIN_TOKEN', 'UNLEASH_PORT', 'GRAFANA_URL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'METRICS_TOKEN'],
  ...['WORKER_CONCURRENCY', 'AUDIO_CACHE_MEBIBYTES', 'PROVIDER_CONCURRENCY', 'PROVIDER_TOKENS_PER_MINUTE'],
  ...['USER_REQUESTS_PER_SECOND', 'ADDRESS_REQUESTS_PER_SECOND', 'MAX_REQUESTS_IN_FLIGHT'],
  ...['MAX_LOOP_DELAY_MS', 'MAX_WAITING_JOBS', 'SANDBOX_LATENCY'],
  ...['CONFIG_CHANGE', 'STOP_SECONDS', 'DRAIN_SECONDS'],
];

const COMPLETE = {
  DATABASE_URL: 'postgres://app:hush-hush@db.example/thankly',
  EVENT_STORE_URL: 'kurrentdb://app:hush-hush@log.example:2113',
  S3_BUCKET: 'recordings',
  S3_ACCESS_KEY_ID: 'hush-hush',
  S3_SECRET_ACCESS_KEY: 'hush-hush',
  UNLEASH_URL: 'https://unleash.example',
  UNLEASH_API_TOKEN: 'default:production.hush-hush',
  UNLEASH_ADMIN_TOKEN: 'hush-hush',
  OPENAI_API_KEY: 'sk-hush-hush',
  METRICS_TOKEN: 'hush-hush-hush-hush',
  JWT_SECRET: 'hush-hush-hush-hush-hush-hush-hush',
};
const settings = (environment: Record<string, string> = {}) =>
  settingsOf(readConfig({ ...COMPLETE, ...environment }, '/'), '1.2.3');
const settingOf = (name: string, environment: Record<string, string> = {}) =>
  settings(environment).find((setting) => setting.name === name)?.value;

it('each variable is either compared or each node’s own', () => {
  expect([...SETTING_NAMES.filter((name) => name !== 'version'), ...OF_EACH_NODE].sort()).toEqual(
    [...VARIABLES].sort(),
  );
  expect(new Set(settings().map(({ name }) => name))).toEqual(new Set(SETTING_NAMES));
});

it('no password, key or token is compared but the one that signs tokens, and that is marked as a secret', () => {
  const hushed = settings().filter(({ value }) => value.includes('hush'));
  expect(hushed).toEqual([{ name: 'JWT_SECRET', value: COMPLETE.JWT_SECRET, isSecret: true }]);
});

describe('the same is the same', () => {
  it.each([
    ['EVENT_STORE_URL', { EVENT_STORE_URL: 'kurrentdb://other:password@LOG.example' }],
    ['UNLEASH_API_TOKEN', { UNLEASH_API_TOKEN: 'default:production.another' }],
    ['OPENAI_API_KEY', { OPENAI_API_KEY: 'sk-another' }],
  ])('%s with another password, key or token', (name, environment) => {
    expect(settingOf(name, environment)).toBe(settingOf(name));
  });

  it('origins in another order', () => {
    const [one, other] = ['https://a.example', 'https://b.example'];
    expect(settingOf('WEB_ORIGINS', { WEB_ORIGINS: `${one},${other}` })).toBe(
      settingOf('WEB_ORIGINS', { WEB_ORIGINS: `${other}, ${one}` }),
    );
  });
});

it.each([
  ['EVENT_STORE_URL', { EVENT_STORE_URL: '' }],
  ['UNLEASH_API_TOKEN', { UNLEASH_API_TOKEN: 'default:development.hush-hush' }],
  ['OPENAI_API_KEY', { OPENAI_API_KEY: '' }],
  ['JWT_SECRET', { JWT_SECRET: '', JWKS_URL: 'https://login.example/keys' }],
  ['JWKS_URL', { JWT_SECRET: '', JWKS_URL: 'https://login.example/keys' }],
  ['RETENTION_TEXTS_DAYS', { RETENTION_TEXTS_DAYS: '30' }],
])('another %s is another', (name, environment) => {
  expect(settingOf(name, environment)).not.toBe(settingOf(name));
});

it('who only works is not asked who may come in, and who only answers not how it works', () => {
  const names = (ROLE: string) => settings({ ROLE }).map(({ name }) => name);
  expect(names('worker').filter((name) => name.startsWith('J'))).toEqual([]);
  expect(names('api').filter((name) => name.startsWith('RETENTION') || name.startsWith('OPENAI'))).toEqual(
    [],
  );
  for (const name of ['S3_BUCKET', 'EVENT_STORE_URL']) expect(names('api')).toContain(name);
});

describe('CONFIG_CHANGE', () => {
  it('names what may be announced', () => {
    expect(readConfig({ CONFIG_CHANGE: 'JWT_SECRET, S3_ENDPOINT' }, '/').CONFIG_CHANGE).toEqual([
      'JWT_SECRET',
      'S3_ENDPOINT',
    ]);
    expect(ANNOUNCED).not.toContain('S3_BUCKET');
  });

  it.each(['S3_BUCKET', 'EVENT_STORE_URL', 'SESSION_IDLE_SECONDS', 'jwt_secret'])(
    'does not name %s',
    (name) => {
      expect(() => readConfig({ CONFIG_CHANGE: name }, '/')).toThrow(
        /^CONFIG_CHANGE\.0: one or more of S3_ENDPOINT, JWT_SECRET/,
      );
    },
  );
});

it('who drains longer than it may take to stop is told so', () => {
  expect(() => readConfig({ DRAIN_SECONDS: '20' }, '/')).toThrow(/^DRAIN_SECONDS: at least ten seconds less/);
  expect(readConfig({ DRAIN_SECONDS: '20', STOP_SECONDS: '30' }, '/').DRAIN_SECONDS).toBe(20);
});
