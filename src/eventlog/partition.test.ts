import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PARTITIONS, partitionOf } from './partition.ts';

const partitions = fc.integer({ min: 1, max: MAX_PARTITIONS });

describe('the partition of a stream', () => {
  it('is one of those there are, for any name', () => {
    fc.assert(
      fc.property(fc.string(), partitions, (stream, of) => {
        const partition = partitionOf(stream, of);
        expect(Number.isInteger(partition)).toBe(true);
        expect(partition).toBeGreaterThanOrEqual(0);
        expect(partition).toBeLessThan(of);
      }),
    );
  });

  // Checkpoints are recorded by it: another answer would skip events, or handle them twice.
  it('is what it always was', () => {
    const streams = ['recording-00000000-0000-4000-8000-000000000000', 'rollout-chunked-upload', ''];
    expect(streams.map((stream) => [2, 3, 16].map((of) => partitionOf(stream, of)))).toEqual([
      [1, 2, 13],
      [0, 1, 10],
      [0, 2, 2],
    ]);
  });

  it('is 0 of a whole one', () => {
    fc.assert(fc.property(fc.string(), (stream) => partitionOf(stream, 1) === 0));
  });

  it.each([2, 3, 7, 16])('is as often each of %i, within a twentieth', (of) => {
    const counts = new Array<number>(of).fill(0);
    const streams = 16_000 * of;
    for (let number = 0; number < streams; number++) {
      const partition = partitionOf(`recording-${number.toString(16).padStart(32, '0')}`, of);
      counts[partition] = (counts[partition] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count / 16_000 - 1)).toBeLessThan(0.05);
  });
});
