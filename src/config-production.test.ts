import { describe, expect, it } from '@jest/globals';
import { ConfigInvalid, readConfig } from './config.ts';

const GOOD = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://app:hush-hush@db.example/thankly?sslmode=verify-full',
  S3_BUCKET: 'recordings',
  UNLEASH_URL: 'https://unleash.example',
  UNLEASH_API_TOKEN: 'default:production.hush-hush',
  UNLEASH_ADMIN_TOKEN: 'hush-hush',
  OPENAI_API_KEY: 'sk-hush-hush',
  METRICS_TOKEN: 'hush-hush-hush-hush',
  JWKS_URL: 'https://issuer.example/keys',
  JWT_ISSUER: 'https://issuer.example',
  JWT_AUDIENCE: 'thankly-voice',
};

const refused = (environment: Record<string, string>): string[] => {
  try {
    readConfig({ ...GOOD, ...environment }, '/');
    return [];
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    expect(error.message).not.toContain('hush');
    return error.lines.map((line) => line.split(':')[0] ?? '');
  }
};

describe('production', () => {
  it('starts with all that it needs', () => {
    expect(refused({})).toEqual([]);
  });

  it.each([
    'DATABASE_URL',
    'S3_BUCKET',
    'OPENAI_API_KEY',
    'METRICS_TOKEN',
    'JWKS_URL',
    'JWT_ISSUER',
    'JWT_AUDIENCE',
  ])('refuses to start without %s', (name) => {
    expect(refused({ [name]: '' })).toEqual([name]);
  });

  it('takes a shared secret instead of an issuer', () => {
    const secret = 'hush-hush-hush-hush-hush-hush-hush';
    expect(refused({ JWKS_URL: '', JWT_ISSUER: '', JWT_AUDIENCE: '', JWT_SECRET: secret })).toEqual([]);
  });

  it.each([
    ['JWKS_URL', 'http://issuer.example/keys'],
    ['S3_ENDPOINT', 'http://s3.example'],
    ['S3_PUBLIC_ENDPOINT', 'http://s3.example'],
    ['UNLEASH_URL', 'http://unleash.example'],
    ['OPENAI_BASE_URL', 'http://provider.example/v1'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector.example:4318'],
    ['PUBLIC_URL', 'http://voice.example'],
    ['EVENT_STORE_URL', 'kurrentdb://db.example?tls=false'],
    ['EVENT_STORE_URL', 'kurrentdb://app:hush-hush@db.example,127.0.0.1?tlsVerifyCert=false'],
    ['DATABASE_URL', 'postgres://app@db.example/thankly'],
    ['DATABASE_URL', 'postgres://app@db.example/thankly?sslmode=disable'],
    ['DATABASE_URL', 'postgres://app@db.example/thankly?sslmode=no-verify'],
    ['DATABASE_URL', 'postgres://app@db.example/thankly?sslmode=require'],
  ])('does not talk in the clear, nor to whom it cannot tell: %s=%s', (name, value) => {
    expect(refused({ [name]: value })).toEqual([name]);
  });

  it('talks in the clear to this machine, and where somebody has said that the way is safe', () => {
    expect(refused({ DATABASE_URL: 'postgres://app@127.0.0.1/thankly' })).toEqual([]);
    expect(refused({ EVENT_STORE_URL: 'kurrentdb://127.0.0.1?tls=false' })).toEqual([]);
    expect(refused({ EVENT_STORE_URL: 'kurrentdb://app:hush-hush@db.example' })).toEqual([]);
    expect(refused({ S3_ENDPOINT: 'http://s3.mesh', PLAINTEXT_HOSTS: 's3.mesh, db.mesh' })).toEqual([]);
    expect(refused({ S3_ENDPOINT: 'http://s3.mesh.evil.example', PLAINTEXT_HOSTS: 's3.mesh' })).toEqual([
      'S3_ENDPOINT',
    ]);
  });

  it.each(['prod', 'Production', 'PRODUCTION', 'staging'])(
    'is not what it nearly says: NODE_ENV=%s is refused',
    (NODE_ENV) => {
      expect(refused({ NODE_ENV })).toEqual(['NODE_ENV']);
    },
  );
});

describe('pages of other origins', () => {
  it('are none, or those that are listed', () => {
    expect(readConfig({}, '/').WEB_ORIGINS).toEqual([]);
    expect(readConfig({ WEB_ORIGINS: 'https://a.example, https://b.example:8443' }, '/').WEB_ORIGINS).toEqual(
      ['https://a.example', 'https://b.example:8443'],
    );
  });

  it.each(['*', 'https://*.example', 'a.example', 'https://a.example/', 'null'])(
    'are never all, nor a pattern: %s',
    (WEB_ORIGINS) => {
      expect(() => readConfig({ WEB_ORIGINS }, '/')).toThrow(ConfigInvalid);
    },
  );
});
