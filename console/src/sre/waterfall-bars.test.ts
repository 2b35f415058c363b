import { describe, expect, it } from '@jest/globals';
import { span } from './testing/documents.ts';
import { stopOf, waterfallOf } from './waterfall-bars.ts';

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();
const spans = [
  span('recording', at(0), at(96)),
  span('merge', at(96), at(97)),
  span('transcribe', at(97), null),
];

describe('the waterfall', () => {
  it('has the whole session from its first span to now', () => {
    const { bars, totalMs } = waterfallOf(spans, 'whole', 100_000);
    expect(totalMs).toBe(100_000);
    expect(bars.map(({ afterMs, tookMs, place }) => [afterMs, tookMs, place])).toEqual([
      [0, 96_000, { from: 0, to: 0.96 }],
      [96_000, 1_000, { from: 0.96, to: 0.97 }],
      [97_000, 3_000, { from: 0.97, to: 1 }],
    ]);
  });

  it('or only what came after stop, without the recording', () => {
    const { bars, totalMs } = waterfallOf(spans, 'after-stop', 100_000);
    expect(totalMs).toBe(4_000);
    expect(bars.map(({ place }) => place)).toEqual([null, { from: 0, to: 0.25 }, { from: 0.25, to: 1 }]);
  });

  it('begins after the second stop when the recording was sent anew', () => {
    expect(stopOf([...spans, span('recording', at(100), at(120))])).toBe(120_000);
    expect(stopOf([span('recording', at(0), null)])).toBeNull();
  });

  it('stands when nothing took any time, when a clock jumped back, and when nothing began', () => {
    const place = waterfallOf([span('recording', at(5), at(4))], 'whole', 9_000).bars[0]?.place;
    expect(place).toEqual({ from: 0, to: 0 });
    expect(waterfallOf([], 'whole', 9_000).bars).toEqual([]);
  });
});
