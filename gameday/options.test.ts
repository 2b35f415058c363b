import { describe, expect, it } from '@jest/globals';
import { ALL_FAULTS } from './all-faults.ts';
import { type GameDayOptions, HELP, readGameDay } from './options.ts';

function read(args: string, environment: Record<string, string> = {}): GameDayOptions {
  const options = readGameDay(args.split(' '), environment, '/home/somebody');
  if (options === 'help' || options === 'list') throw new Error(`only ${options}`);
  return options;
}

describe('the command line of a game day', () => {
  it('needs a name and nothing else', () => {
    const { fault, ...options } = read('provider-down');
    expect(fault.name).toBe('provider-down');
    expect(options).toEqual({
      forSeconds: 300,
      url: 'http://127.0.0.1:8080',
      dataDir: '/home/somebody/.data',
      databaseUrl: undefined,
      sandboxUrl: undefined,
      tokenSecret: undefined,
      traffic: [],
      leaveBytes: 48 * 1024 * 1024,
      really: false,
      does: 'all',
    });
  });

  it.each([
    ['2s', 2],
    ['0.5s', 0.5],
    ['90s', 90],
    ['5m', 300],
    ['1h', 3600],
  ])('takes --for %s as %d seconds', (given, seconds) => {
    expect(read(`bad-cohort --for ${given}`).forSeconds).toBe(seconds);
  });

  it('knows where the application is from what the application knows it from', () => {
    const environment = {
      DATA_DIR: 'there',
      DATABASE_URL: 'postgres://db/thankly',
      JWT_SECRET: 'a secret',
    };
    expect(read('db-restart', environment)).toMatchObject({
      dataDir: '/home/somebody/there',
      databaseUrl: 'postgres://db/thankly',
      tokenSecret: 'a secret',
    });
    expect(read('db-restart --data-dir /else --token-secret other', environment)).toMatchObject({
      dataDir: '/else',
      tokenSecret: 'other',
    });
  });

  it('hands what follows a second -- to the traffic', () => {
    expect(read('bad-cohort --for 9s -- --rate 5 --words 0').traffic).toEqual([
      '--rate',
      '5',
      '--words',
      '0',
    ]);
    expect(read('bad-cohort --no-traffic').traffic).toBeNull();
  });

  it('may only look, or only heal', () => {
    expect(read('disk-full --dry-run').does).toBe('dry-run');
    expect(read('disk-full --heal').does).toBe('heal');
  });

  it.each(['help', 'list'] as const)('answers --%s whatever else is said', (what) => {
    expect(readGameDay([`--${what}`], {}, '/')).toBe(what);
  });

  it.each([
    ['--for 5m', 'which game day? One of provider-down, provider-slow, '],
    ['bad-weather', 'there is no game day bad-weather: one of provider-down, provider-slow, '],
    ['bad-cohort disk-full', 'one game day at a time: bad-cohort, or disk-full?'],
    ['bad-cohort --for 5', '--for: such as 90s, 5m or 1h, at most a day'],
    ['bad-cohort --for 0s', '--for: such as 90s, 5m or 1h, at most a day'],
    ['bad-cohort --for 25h', '--for: such as 90s, 5m or 1h, at most a day'],
    ['bad-cohort --url ftp://x', '--url: such as http://127.0.0.1:8080'],
    ['disk-full --leave -1', '--leave'],
    ['disk-full --leave some', '--leave: a whole number of megabytes'],
    ['disk-full --heal --dry-run', '--dry-run or --heal, not both'],
    ['bad-cohort --no-traffic -- --rate 1', '--no-traffic, or options for it (--rate), not both'],
    ['bad-cohort --ever', "Unknown option '--ever'"],
  ])('%s is refused in one line', (args, line) => {
    expect(() => read(args)).toThrow(line);
  });

  it('is explained, with every game day', () => {
    for (const { name } of ALL_FAULTS) expect(HELP).toContain(`\n  ${name} `);
  });
});
