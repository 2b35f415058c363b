import { describe, expect, it } from '@jest/globals';
import { amountOf, bytes, count, dollars, percent, seconds, short } from './written.ts';

describe('figures in tables', () => {
  it('have the digits that count, and their unit', () => {
    expect([count(0), count(0.1234), count(12), count(99.96), count(1_234.5)]).toEqual([
      '0',
      '0.123',
      '12',
      '100',
      '1,235',
    ]);
    expect([bytes(999), bytes(1_000), bytes(2_345_678), bytes(7e15)]).toEqual([
      '999 B',
      '1 kB',
      '2.35 MB',
      '7 PB',
    ]);
    expect([seconds(0.0042), seconds(1.5), seconds(Number.NaN)]).toEqual(['4.2 ms', '1.5 s', '']);
    expect([dollars(0.00846), dollars(2.5), dollars(1_234.5)]).toEqual(['$0.00846', '$2.50', '$1,235']);
    expect([percent(0.126), short(10_000_000), short(100_000), short(7)]).toEqual([
      '12.6 %',
      '10 M',
      '100 k',
      '7',
    ]);
    expect(amountOf('walBytes', 12_000)).toBe('12 kB');
    expect(amountOf('apiCpu', 0.02)).toBe('20 ms');
  });
});
