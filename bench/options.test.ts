import { expect, it } from '@jest/globals';
import { readOptions } from './options.ts';

it('takes names and options', () => {
  const { names, options } = readOptions(['joints', '--count', '50', '--seed', '9']);
  expect(names).toEqual(['joints']);
  expect(options).toMatchObject({ count: 50, seed: 9, quick: false, provider: 'sandbox' });
});

it('runs only the live recordings when their number is named', () => {
  const { names, options } = readOptions(['stop-to-text', '--live', '100']);
  expect(names).toEqual(['stop-to-text-live']);
  expect(options.live).toBe(100);
});

it('is smaller when quick', () => {
  expect(readOptions(['--quick']).options).toMatchObject({ quick: true, live: 20, count: 50 });
});

it.each([
  [['--count', '0'], '--count: a whole number from 1 to 100000'],
  [['--live', 'many'], '--live: a whole number from 1 to 1000'],
  [['--provider', 'elsewhere'], '--provider: sandbox or openai'],
])('says what is wrong with %j', (args, message) => {
  expect(() => readOptions(args)).toThrow(message);
});
