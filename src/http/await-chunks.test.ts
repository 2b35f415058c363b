import { describe, expect, it } from '@jest/globals';
import { preferredWaitMs } from './await-chunks.ts';

describe('the wait that a request prefers', () => {
  it.each([
    [undefined, 0],
    ['', 0],
    ['wait=8', 8_000],
    ['Wait="3"', 3_000],
    ['respond-async, wait = 2; foo', 2_000],
    ['return=minimal,wait=5,handling=lenient', 5_000],
    ['wait=600', 10_000],
    ['wait=0', 0],
    ['wait=-1', 0],
    ['wait=1.5', 0],
    ['wait=9999999', 0],
    ['await=5', 0],
    ['wait', 0],
  ])('of %j is %d ms', (prefer, expected) => {
    expect(preferredWaitMs({ get: () => prefer } as unknown as Parameters<typeof preferredWaitMs>[0])).toBe(
      expected,
    );
  });
});
