import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

const half = () => 0.5;
const read = (...args: string[]) => readOptions(args, {}, half);

describe('the command line of simulate', () => {
  it('has defaults that look like the plan', () => {
    expect(read()).toEqual({
      url: 'http://127.0.0.1:8080',
      tokenSecret: undefined,
      shape: {
        users: 2_000,
        sessionsPerUser: 1,
        failure: { chunked: 0.02, single: 0.07 },
        failureSpread: 0,
        badDeviceShare: 0,
        badDeviceFailure: 0.6,
        waitMs: { chunked: 2_800, single: 21_000 },
        waitSigma: 0.18,
      },
      words: 3,
      stages: null,
      autopilot: false,
      untilRolledBack: false,
      rate: null,
      concurrency: 24,
      open: 800,
      seed: 2_147_483_647,
      json: false,
    });
  });

  it('takes one percentage, or stages', () => {
    expect(read('--percent', '5')?.stages).toEqual([5]);
    expect(read('--stages', '5,20,50,100')?.stages).toEqual([5, 20, 50, 100]);
  });

  it('takes the secret from the environment, and rather from the command line', () => {
    expect(readOptions([], { JWT_SECRET: 'theirs' }, half)?.tokenSecret).toBe('theirs');
    expect(readOptions(['--token-secret', 'mine'], { JWT_SECRET: 'theirs' }, half)?.tokenSecret).toBe('mine');
    expect(readOptions([], { JWT_SECRET: '' }, half)?.tokenSecret).toBeUndefined();
  });

  it('answers with nothing when help is asked for', () => {
    expect(read('--help', '--users', 'none')).toBeNull();
  });

  it.each([
    [['--users', '0'], '--users: a whole number from 1 to 100000'],
    [['--users', '1.5'], '--users: a whole number from 1 to 100000'],
    [['--users', ''], '--users: a whole number from 1 to 100000'],
    [['--chunked-failure', '20'], '--chunked-failure: a number from 0 to 1'],
    [['--failure-spread', '1'], '--failure-spread: a number from 0 to 0.99'],
    [['--single-wait', 'long'], '--single-wait: a number from 0 to 600'],
    [['--percent', '101'], '--percent: a whole number from 0 to 100'],
    [['--percent', '5', '--stages', '20'], '--percent or --stages, not both'],
    [['--stages', '5,,20'], '--stages: each a whole number from 0 to 100, such as 5,20,50,100'],
    [['--rate', '0'], '--rate: a number from 0.01 to 10000'],
    [['--seed', '-1'], "Option '--seed' argument is ambiguous"],
    [['--seed=-1'], '--seed: a whole number from 0 to 4294967295'],
    [['--url', 'ftp://there'], '--url: such as http://127.0.0.1:8080'],
    [['--token-secret', ''], '--token-secret: it is empty'],
    [['--users', '100000', '--sessions-per-user', '11'], 'at most a million sessions a stage'],
    [['--loud'], "Unknown option '--loud'"],
    [['5'], 'Unexpected argument'],
  ])('%j is refused: %s', (args, message) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(message);
  });
});
