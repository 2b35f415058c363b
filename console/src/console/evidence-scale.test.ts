import { describe, expect, it } from '@jest/globals';
import { evidenceScale, thinned } from './evidence-scale.ts';
import { experimentAnswer } from './testing/documents.ts';
import { breached, pausedBySampleRatio } from './testing/scenarios.ts';

describe('the scale of the evidence chart', () => {
  it('goes from 0.01 to above the highest line, in tens', () => {
    const { top, ticks } = evidenceScale(breached().experiment);
    expect(top).toBe(10_000);
    expect(ticks).toEqual([0.01, 0.1, 1, 10, 100, 1_000, 10_000]);
  });

  it('draws what is beyond it at its edge', () => {
    const { points, top } = evidenceScale(pausedBySampleRatio().experiment);
    expect(top).toBe(1_000_000);
    expect(Math.max(...points.map(({ sampleRatio }) => sampleRatio))).toBe(1_000_000);
    const [lowest] = evidenceScale({
      ...experimentAnswer(),
      timeline: [{ at: '2026-11-24T12:00:00Z', failure: 0, slow: 1e-9, sampleRatio: 2 }],
    }).points;
    expect(lowest).toEqual({
      at: Date.parse('2026-11-24T12:00:00Z'),
      failure: 0.01,
      slow: 0.01,
      sampleRatio: 2,
    });
  });

  it('marks the time evenly', () => {
    const { points, times } = evidenceScale(breached().experiment);
    expect([times[0], times.at(-1)]).toEqual([points[0]?.at, points.at(-1)?.at]);
    expect(times).toHaveLength(7);
  });

  it('is there before the first point', () => {
    expect(evidenceScale(experimentAnswer()).points).toEqual([]);
  });
});

it('thins a table, and keeps its ends', () => {
  expect(thinned([1, 2, 3], 5)).toEqual([1, 2, 3]);
  expect(thinned([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 3)).toEqual([0, 5, 10]);
});
