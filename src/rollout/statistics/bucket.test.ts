import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Bucket, narrow, shareGiven, UNKNOWN } from './bucket.ts';

const armOf = (bucket: number, percent: number) => (bucket <= percent ? 'chunked' : 'single');

describe('the bucket of a user', () => {
  it('is chunked with the percentage as its chance while nothing is known', () => {
    expect(shareGiven(UNKNOWN, 5)).toBe(0.05);
    expect(shareGiven(UNKNOWN, 20)).toBe(0.2);
  });

  it('is less likely to be chunked at 20 % after being single at 5 %', () => {
    expect(shareGiven(narrow(UNKNOWN, 5, 'single'), 20)).toBe(15 / 95);
  });

  it('is settled upwards after being chunked, and downwards it is not', () => {
    const chunkedAtTwenty = narrow(UNKNOWN, 20, 'chunked');
    expect(shareGiven(chunkedAtTwenty, 50)).toBeNull();
    expect(shareGiven(chunkedAtTwenty, 20)).toBeNull();
    expect(shareGiven(chunkedAtTwenty, 5)).toBe(0.25);
  });

  it('teaches nothing where everybody or nobody is chunked', () => {
    expect(shareGiven(UNKNOWN, 0)).toBeNull();
    expect(shareGiven(UNKNOWN, 100)).toBeNull();
  });

  it('is counted no more when what was seen contradicts the hash', () => {
    const impossible = narrow(narrow(UNKNOWN, 20, 'single'), 5, 'chunked');
    for (const percent of [1, 5, 12, 20, 50, 99]) expect(shareGiven(impossible, percent)).toBeNull();
  });

  it('has, over all buckets, exactly the chance that is said, whatever the percentages were', () => {
    const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(percents, fc.integer({ min: 1, max: 100 }), (history, own) => {
        // Of the users who were in the same arms so far, how many are chunked at the last percentage?
        const last = history.at(-1) ?? 0;
        const before = history.slice(0, -1);
        const seen = (bucket: number) => before.map((percent) => armOf(bucket, percent)).join();
        const alike = Array.from({ length: 100 }, (_, i) => i + 1).filter((each) => seen(each) === seen(own));
        const chunked = alike.filter((each) => armOf(each, last) === 'chunked').length / alike.length;
        let known: Bucket = UNKNOWN;
        for (const percent of before) known = narrow(known, percent, armOf(own, percent));
        expect(shareGiven(known, last) ?? Math.round(chunked)).toBeCloseTo(chunked, 12);
      }),
    );
  });
});
