import { describe, expect, it } from '@jest/globals';
import { readOptions, UsageError } from './options.ts';

describe('the command line of capacity', () => {
  it('speaks of one and ten million recordings a day unless it is told otherwise', () => {
    expect(readOptions([])).toMatchObject({
      perDay: [1_000_000, 10_000_000],
      minutes: 1.2,
      shareChunked: 1,
      simulation: true,
      measure: false,
      write: false,
    });
    expect(readOptions(['--recordings', '500', '--minutes', '3'])).toMatchObject({
      perDay: [500],
      minutes: 3,
    });
  });

  it.each([
    [['--recordings', '10,x'], /--recordings: a whole number from 1 to/],
    [['--minutes', '0'], /--minutes: a number from 0.05 to 30/],
    [['--share-chunked', '1.5'], /--share-chunked: a number from 0 to 1/],
    [['--peak', '0.5'], /--peak: a number from 1 to 10/],
    [['--write', '--minutes', '2'], /--write: not with --minutes/],
    [['--measure', '--quick', '--write'], /--write: not with --quick/],
    [['--unheard-of'], /unheard-of/],
  ])('refuses %j', (args, line) => {
    expect(() => readOptions(args)).toThrow(UsageError);
    expect(() => readOptions(args)).toThrow(line);
  });

  it('only helps when asked to', () => {
    expect(readOptions(['--help'])).toBeNull();
  });
});
