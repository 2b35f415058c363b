import { describe, expect, it } from '@jest/globals';
import { Timeline } from './timeline.ts';

describe('simulated time', () => {
  it('jumps to what happens next, and stands still meanwhile', () => {
    const timeline = new Timeline(100);
    const seen: number[] = [];
    timeline.after(5, () => {
      seen.push(timeline.now);
      timeline.after(0, () => seen.push(timeline.now));
    });
    timeline.at(103, () => seen.push(timeline.now));
    timeline.run();
    expect(seen).toEqual([103, 105, 105]);
  });

  it('goes up to an end, and on from there', () => {
    const timeline = new Timeline();
    const seen: number[] = [];
    for (const at of [1, 2, 3]) timeline.at(at, () => seen.push(at));
    timeline.run(2);
    expect([seen, timeline.now]).toEqual([[1, 2], 2]);
    timeline.run();
    expect(seen).toEqual([1, 2, 3]);
  });

  it('does not go back', () => {
    const timeline = new Timeline(10);
    expect(() => timeline.at(9, () => undefined)).toThrow(RangeError);
    expect(() => timeline.after(Number.NaN, () => undefined)).toThrow(RangeError);
  });
});
