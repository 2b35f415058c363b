import { describe, expect, it } from '@jest/globals';
import { decides, logSumExp } from './e-value.ts';

describe('an e-value', () => {
  it('decides at 1/α', () => {
    expect(decides(Math.log(20.001), 0.05)).toBe(true);
    expect(decides(Math.log(19.999), 0.05)).toBe(false);
    expect(decides(Math.log(19.999), 0.01)).toBe(false);
  });

  it('is summed as a logarithm without overflow', () => {
    expect(logSumExp([Math.log(2), Math.log(3)])).toBeCloseTo(Math.log(5), 14);
    expect(logSumExp([50_000, 50_000])).toBeCloseTo(50_000 + Math.log(2), 9);
    expect(logSumExp([-50_000, -50_000])).toBeCloseTo(-50_000 + Math.log(2), 9);
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY);
    expect(logSumExp([Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY);
  });
});
