import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

const read = (...args: string[]) => readOptions(args, () => 0.5);

describe('the command line of the soak', () => {
  it('kills everything and fails a tenth of the requests unless it is told otherwise', () => {
    expect(read('--seed', '7')).toMatchObject({
      sessions: 1000,
      kill: ['app', 'worker', 'postgres', 'unleash', 'provider', 'client'],
      failRequests: 0.1,
      diskFull: true,
      clockJumps: true,
      seed: 7,
    });
    expect(read('--kill', 'none')?.kill).toEqual([]);
    expect(read('--kill', 'app,client')?.kill).toEqual(['app', 'client']);
  });

  it('draws a seed where none is given', () => {
    expect(read()?.seed).toBe(2_147_483_647);
  });

  it('counts hours instead of sessions', () => {
    expect(read('--hours', '0.5')).toMatchObject({ lastsMs: 1_800_000, sessions: 1_000_000 });
    expect(read()?.lastsMs).toBeNull();
  });

  it.each([
    [['--kill', 'router'], /--kill: some of app,/],
    [['--fail-requests', '1'], /--fail-requests: a number from 0 to 0.9/],
    [['--sessions', '1.5'], /--sessions: a whole number/],
    [['--concurrency', '2', '--clients', '3'], /--clients: at most/],
    [['--unheard-of'], /unheard-of/],
  ])('refuses %j', (args, line) => {
    expect(() => read(...args)).toThrow(UsageError);
    expect(() => read(...args)).toThrow(line);
  });

  it('only helps when asked to', () => {
    expect(read('--help')).toBeNull();
  });
});
