import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { EventHeap } from './event-heap.ts';

function drain(heap: EventHeap): void {
  while (heap.size > 0) heap.pop()?.();
}

describe('what is to happen', () => {
  it('happens by time, and of one time in the order of asking', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const heap = new EventHeap();
        const happened: (readonly [number, number])[] = [];
        for (const [order, time] of times.entries()) heap.push(time, () => happened.push([time, order]));
        drain(heap);
        const sorted = times
          .map((time, order) => [time, order] as const)
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(happened).toEqual(sorted);
      }),
    );
  });

  it('keeps its order when things are asked for while others happen', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.nat(50)), { minLength: 1 }), (pairs) => {
        const heap = new EventHeap();
        const happened: number[] = [];
        for (const [time, later] of pairs) {
          heap.push(time, () => {
            happened.push(time);
            heap.push(time + later, () => happened.push(time + later));
          });
        }
        drain(heap);
        expect(happened).toHaveLength(2 * pairs.length);
        expect(happened).toEqual([...happened].sort((a, b) => a - b));
      }),
    );
  });

  it('is nothing, and at no time, when nothing was asked for', () => {
    const heap = new EventHeap();
    expect(heap.pop()).toBeUndefined();
    expect(heap.nextTime).toBe(Number.POSITIVE_INFINITY);
  });
});
