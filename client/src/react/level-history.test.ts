import { describe, expect, it } from '@jest/globals';
import { BARS, heightOf, nextHistory, startHistory } from './level-history.ts';

describe('the last levels', () => {
  const silence = { level: -100, elapsedMs: 0 };

  it('begin as silence, and keep as many as there are bars', () => {
    let history = startHistory(silence);
    expect(history.heights).toEqual(Array.from({ length: BARS }, () => 0));
    for (let i = 1; i <= BARS + 5; i++) history = nextHistory(history, { level: -i, elapsedMs: i * 100 });
    expect(history.heights).toHaveLength(40);
    expect(history.heights.at(-1)).toBeCloseTo(1 - 45 / 60, 10);
    expect(history.heights[0]).toBeCloseTo(1 - 6 / 60, 10);
  });

  it('do not move while the meter says the same', () => {
    const history = startHistory(silence);
    expect(nextHistory(history, silence)).toBe(history);
  });

  it('are 0–1: silence, half, full scale, and nothing that is no level', () => {
    expect([-100, -60, -30, 0, 6, Number.NaN].map(heightOf)).toEqual([0, 0, 0.5, 1, 1, 0]);
  });
});
