import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { erlangC, meanWait, serversFor } from './erlang.ts';

describe('Erlang C', () => {
  it('is the load itself with one server, and known values with more', () => {
    expect(erlangC(1, 0.3)).toBeCloseTo(0.3, 12);
    // Two servers: 2ρ² ÷ (1 + ρ) with ρ = a ÷ 2.
    expect(erlangC(2, 1)).toBeCloseTo(1 / 3, 12);
    expect(erlangC(10, 7)).toBeCloseTo(0.2217, 4);
    expect(erlangC(3, 3)).toBe(1);
  });

  it('gives the wait of M/M/1: ρ ÷ (1 − ρ) of a service', () => {
    expect(meanWait(1, 0.8, 2)).toBeCloseTo((0.8 / 0.2) * 2, 9);
    expect(meanWait(2, 2.5, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('asks for the fewest servers that do', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 300, noNaN: true }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        (offered, mayWait) => {
          const servers = serversFor(offered, mayWait);
          expect(erlangC(servers, offered)).toBeLessThanOrEqual(mayWait);
          if (servers > 1) expect(erlangC(servers - 1, offered)).toBeGreaterThan(mayWait);
        },
      ),
    );
  });
});
