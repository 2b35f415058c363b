import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatTick, formatValue, UNITS } from './format-value.ts';

describe('a figure is written as Grafana writes it', () => {
  it.each([
    [0, 's', '0 s'],
    [0.000_000_25, 's', '250 ns'],
    [0.000_04, 's', '40 µs'],
    [0.012_345, 's', '12.3 ms'],
    [1.5, 's', '1.50 s'],
    [-1.5, 's', '-1.50 s'],
    [90, 's', '1.50 mins'],
    [7_200, 's', '2 hours'],
    [0, 'ms', '0 ms'],
    [12.3, 'ms', '12.3 ms'],
    [2_500, 'ms', '2.50 s'],
    [5, 'percent', '5%'],
    [0.035, 'percentunit', '3.50%'],
    [0.07, 'percentunit', '7%'],
    [1, 'percentunit', '100%'],
    [999, 'short', '999'],
    [0.25, 'short', '0.250'],
    [1_234, 'short', '1.23 K'],
    [2_000_000, 'short', '2 Mil'],
    [512, 'bytes', '512 B'],
    [89_478_485, 'bytes', '85.3 MiB'],
    [3, 'ops', '3 ops/s'],
    [1_500, 'reqps', '1.50K req/s'],
    [0.05, 'reqps', '0.0500 req/s'],
  ] as const)('%d %s: %s', (value, unit, expected) => {
    expect(formatValue(value, unit)).toBe(expected);
  });

  it.each([
    [1.5, 's', '1.5 s'],
    [0.05, 'percentunit', '5%'],
    [0.1 + 0.2, 'short', '0.3'],
    [0.05, 'reqps', '0.05 req/s'],
    [1_000_000, 'short', '1 Mil'],
  ] as const)('at an axis without zeros at the end: %d %s: %s', (value, unit, expected) => {
    expect(formatTick(value, unit)).toBe(expected);
  });

  it('is short, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.double({ noNaN: true, min: 1e-7, max: 1e14 }),
        fc.constantFrom(...UNITS.filter((unit) => !unit.startsWith('percent'))),
        (value, unit) => {
          expect(formatValue(value, unit)).toMatch(/^\d[\d.]*\d?[KMBT]?( .+)?$/);
        },
      ),
    );
  });
});
