import { describe, expect, it } from '@jest/globals';
import { ConfigInvalid, readConfig } from './config.ts';

const linesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    readConfig(environment, '/');
    return [];
  } catch (error) {
    if (error instanceof ConfigInvalid) return error.lines;
    throw error;
  }
};

describe('what the provider may be asked', () => {
  it('is 32 calls at once, a tenth of transcriptions twice, and any number of tokens', () => {
    const config = readConfig({}, '/');
    expect(config).toMatchObject({
      PROVIDER_CONCURRENCY: 32,
      PROVIDER_HEDGING: 'on',
      PROVIDER_HEDGING_SHARE: 0.1,
    });
    expect(config.PROVIDER_TOKENS_PER_MINUTE).toBeUndefined();
  });

  it('is refused where it makes no sense, all at once and by name', () => {
    const lines = linesOf({
      PROVIDER_CONCURRENCY: '0',
      PROVIDER_TOKENS_PER_MINUTE: 'many',
      PROVIDER_HEDGING: 'sometimes',
      PROVIDER_HEDGING_SHARE: '1.5',
    });
    expect(lines.map((line) => line.split(':')[0])).toEqual([
      'PROVIDER_CONCURRENCY',
      'PROVIDER_TOKENS_PER_MINUTE',
      'PROVIDER_HEDGING',
      'PROVIDER_HEDGING_SHARE',
    ]);
  });

  it('is no budget of tokens that one call would not fit into', () => {
    expect(linesOf({ PROVIDER_TOKENS_PER_MINUTE: '999' })).toHaveLength(1);
    expect(linesOf({ PROVIDER_TOKENS_PER_MINUTE: '200000' })).toEqual([]);
  });
});

describe('what a process does of the whole', () => {
  it('is all of it, or its part where several share a database', () => {
    const DATABASE_URL = 'postgres://thankly@127.0.0.1/thankly';
    expect(readConfig({}, '/').ROLE).toBe('all');
    expect(readConfig({ ROLE: 'worker', DATABASE_URL }, '/').ROLE).toBe('worker');
  });

  it('is not a part where nobody could do the rest', () => {
    expect(linesOf({ ROLE: 'api' })).toEqual([
      'ROLE: api and worker meet in one database: goes together with DATABASE_URL',
    ]);
    expect(linesOf({ ROLE: 'both', DATABASE_URL: 'postgres://thankly@127.0.0.1/thankly' })).toHaveLength(1);
  });
});

describe('whose X-Forwarded-For is believed', () => {
  it('is nobody’s by default, a number of proxies, or their addresses', () => {
    expect(readConfig({}, '/').TRUST_PROXY).toBeUndefined();
    expect(readConfig({ TRUST_PROXY: '1' }, '/').TRUST_PROXY).toBe(1);
    expect(readConfig({ TRUST_PROXY: '10.0.0.0/8,loopback, 2001:db8::/32' }, '/').TRUST_PROXY).toBe(
      '10.0.0.0/8, loopback, 2001:db8::/32',
    );
  });
  it.each(['true', '0', '11', '10.0.0.0/33', '10.0.0/8', 'all', '10.0.0.1,', '0.0.0.0/0'])(
    'is not %s',
    (value) => {
      expect(linesOf({ TRUST_PROXY: value })).toHaveLength(1);
    },
  );
});
