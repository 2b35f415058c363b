/** Every operation of the API document, rightly and nearly rightly asked for, in sequence and at once; long: `npm run fuzz`. */
import { describe, expect, it } from '@jest/globals';
import { fuzzApplication } from '../../fuzz/fuzz-application.ts';

const REQUESTS = 1_500;
const SEED = 8;

describe(`the whole application, asked ${REQUESTS} times what nobody should (seed ${SEED})`, () => {
  it('answers as documented, to those it may, and stays whole', async () => {
    const { faults, requests, log } = await fuzzApplication({
      requests: REQUESTS,
      seed: SEED,
      run: undefined,
      lanes: 8,
      deadlineMs: 60_000,
      onProgress: () => undefined,
    });
    expect(faults).toEqual([]);
    expect(requests).toBeGreaterThanOrEqual(REQUESTS);
    expect(log.streams).toBeGreaterThan(20);
  }, 600_000);
});
