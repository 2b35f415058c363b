import { describe, expect, it } from '@jest/globals';
import { createRecordedTime } from './recorded-time.ts';
import { createSpans } from './spans.ts';

function recording() {
  let now = 1_000;
  let levels: number[] = [];
  const time = createRecordedTime(() => now);
  const meter = {
    take: () => {
      const taken = levels;
      levels = [];
      return taken;
    },
  };
  return {
    time,
    spans: createSpans(time, meter),
    pass(milliseconds: number, heard = milliseconds / 100) {
      now += milliseconds;
      levels.push(...new Array(Math.floor(heard)).fill(-30));
    },
  };
}

describe('spans of recorded time', () => {
  it('touch one another, and have ten levels a second', () => {
    const { time, spans, pass } = recording();
    time.run();
    pass(5_000);
    expect(spans.openMs()).toBe(5_000);
    expect(spans.cut()).toEqual({ startMs: 0, endMs: 5_000, levels: new Array(50).fill(-30) });
    pass(400.4);
    expect(spans.cut()).toEqual({ startMs: 5_000, endMs: 5_400, levels: new Array(4).fill(-30) });
  });

  it('leave pauses out', () => {
    const { time, spans, pass } = recording();
    time.run();
    pass(1_000);
    time.hold();
    pass(60_000, 0);
    time.run();
    pass(500);
    expect(spans.cut()).toMatchObject({ startMs: 0, endMs: 1_500 });
    time.hold();
    time.hold();
    pass(9_000, 0);
    expect(time.elapsed()).toBe(1_500);
  });

  it('begin when the recorder has started, not before', () => {
    const { time, spans, pass } = recording();
    pass(300, 0);
    expect(spans.cut()).toEqual({ startMs: 0, endMs: 0, levels: [] });
    time.run();
    time.run();
    pass(200);
    expect(spans.cut()).toMatchObject({ startMs: 0, endMs: 200 });
  });

  it('have no levels rather than levels in the wrong place', () => {
    const { time, spans, pass } = recording();
    time.run();
    pass(5_000, 47);
    expect(spans.cut()).toEqual({ startMs: 0, endMs: 5_000, levels: [] });
    pass(5_000, 48);
    expect(spans.cut().levels).toHaveLength(48);
  });
});
