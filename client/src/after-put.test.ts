import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { afterPut, putsAgain } from './after-put.ts';
import { ApiError } from './api-error.ts';

describe('after the answer to a PUT', () => {
  it.each([
    [200, 0, 'stored'],
    [204, 0, 'stored'],
    [412, 0, 'stored'],
    [403, 0, 'renew'],
    [403, 2, 'renew'],
    [403, 3, 'refused'],
    [400, 0, 'renew'],
    [400, 3, 'refused'],
    [0, 9, 'again'],
    [408, 0, 'again'],
    [409, 0, 'again'],
    [429, 0, 'again'],
    [500, 0, 'again'],
    [503, 9, 'again'],
    [507, 0, 'again'],
    [302, 0, 'refused'],
    [404, 0, 'refused'],
    [411, 0, 'refused'],
    [413, 0, 'refused'],
    [415, 0, 'refused'],
  ] as const)('%i after %i renewals: %s', (status, renewals, decision) => {
    expect(afterPut(status, renewals)).toBe(decision);
  });

  it('renews a bounded number of times, whatever the row of answers', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 599 }), { maxLength: 60 }), (answers) => {
        let renewals = 0;
        for (const status of answers) {
          const decision = afterPut(status, renewals);
          if (decision === 'renew') renewals++;
          if (decision === 'stored') expect(status === 412 || (status >= 200 && status < 300)).toBe(true);
          if (decision === 'stored' || decision === 'refused') break;
        }
        expect(renewals).toBeLessThanOrEqual(3);
      }),
    );
  });

  it('puts a damaged chunk again, three times, and no other failure', () => {
    const damaged = new ApiError(422, 'chunk_mismatch', 'another SHA-256');
    expect([0, 1, 2, 3].map((before) => putsAgain(damaged, before))).toEqual([true, true, true, false]);
    expect(putsAgain(new ApiError(409, 'session_not_recording', 'too late'), 0)).toBe(false);
    expect(putsAgain(new Error('chunk_mismatch'), 0)).toBe(false);
  });
});
