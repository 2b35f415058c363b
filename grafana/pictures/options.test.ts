import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

const NOW = 1_764_000_000;
const AT = 'http://127.0.0.1:9090';

describe('the command line', () => {
  it('is everything of its own when nothing is given', () => {
    expect(readOptions([], NOW)).toEqual({ existing: null, choices: {}, out: null, screenshots: true });
  });

  it('names a Prometheus, a time and a folder', () => {
    const given = ['--prometheus', `${AT}/`, '--from', '-1h', '--out', 'pages', '--no-screenshot'];
    expect(readOptions([...given, '--interval', '1m', '--variant', 'single'], NOW)).toEqual({
      existing: { url: AT, from: NOW - 3_600, to: NOW },
      choices: { interval: '1m', variant: 'single' },
      out: 'pages',
      screenshots: false,
    });
  });

  it.each([
    [[], NOW - 10_800, NOW],
    [['--from', '30m'], NOW - 1_800, NOW],
    [['--from', 'now-2h', '--to', '-1h'], NOW - 7_200, NOW - 3_600],
    [['--from=-1d', '--to', 'now'], NOW - 86_400, NOW],
    [['--from', '2025-11-24T15:00Z'], NOW - 3_600, NOW],
  ])('%j is a time', (args, from, to) => {
    expect(readOptions(['--prometheus', AT, ...args], NOW)?.existing).toEqual({ url: AT, from, to });
  });

  it('asks for help', () => {
    expect(readOptions(['--help'], NOW)).toBeNull();
  });

  it.each([
    [['--prometheus', 'localhost:9090'], '--prometheus: such as'],
    [['--prometheus', 'http://me:secret@host'], '--prometheus: without a name'],
    [['--prometheus', AT, '--from', 'yesterday'], '--from: such as -1h'],
    [['--prometheus', AT, '--from', '-1h', '--to', '-2h'], '--from: not before --to'],
    [['--from', '-1h'], 'go together with --prometheus'],
    [['--interval', '0m'], '--interval: such as 5m'],
    [['--variant', 'both'], '--variant: chunked or single'],
    [['--out', ''], '--out: it is empty'],
    [['--dir', 'x'], '--dir'],
    [['pages'], 'pages'],
  ])('%j is refused: %s', (args, said) => {
    expect(() => readOptions(args, NOW)).toThrow(UsageError);
    expect(() => readOptions(args, NOW)).toThrow(said);
    expect(() => readOptions(args, NOW)).not.toThrow('secret');
  });
});
