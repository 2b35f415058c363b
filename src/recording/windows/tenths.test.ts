import { describe, expect, it } from '@jest/globals';
import { tenthsOf } from './tenths.ts';

const levelsOf = (...chunks: Parameters<typeof tenthsOf>[0]) => [...tenthsOf(chunks).levels];
const UNKNOWN = Number.NaN;

describe('the levels of each tenth of a second', () => {
  it('lie where their chunk lies', () => {
    expect(
      levelsOf(
        { startMs: 0, endMs: 300, levels: [-20, -21, -22] },
        { startMs: 300, endMs: 500, levels: [-30, -31] },
      ),
    ).toEqual([-20, -21, -22, -30, -31]);
  });

  it('keep their place when chunks do not end at a full tenth', () => {
    expect(
      levelsOf(
        { startMs: 0, endMs: 260, levels: [-20, -21] },
        { startMs: 260, endMs: 530, levels: [-30, -31, -32] },
      ),
    ).toEqual([-20, -21, UNKNOWN, -30, -31]);
  });

  it('are not known of a chunk that has none, or far more or fewer than tenths', () => {
    expect(
      levelsOf(
        { startMs: 0, endMs: 200 },
        { startMs: 200, endMs: 700, levels: [-20, -20] },
        { startMs: 700, endMs: 800, levels: Array(9).fill(-20) },
      ),
    ).toEqual(Array(8).fill(UNKNOWN));
  });

  it('are dBFS: digital silence has a floor, and what is none is not known', () => {
    const levels = [Number.NEGATIVE_INFINITY, Number.NaN, Number.POSITIVE_INFINITY, 75, 0];
    expect(levelsOf({ startMs: 0, endMs: 500, levels })).toEqual([-120, UNKNOWN, UNKNOWN, UNKNOWN, 0]);
  });

  it('count only whole tenths; times that run backwards or are no numbers add nothing', () => {
    expect(tenthsOf([{ startMs: 0, endMs: 240 }]).levels).toHaveLength(2);
    const { endMs } = tenthsOf([
      { startMs: 0, endMs: 1_000 },
      { startMs: 1_000, endMs: 400 },
      { startMs: UNKNOWN, endMs: UNKNOWN },
      { startMs: 1_000, endMs: 1_500 },
    ]);
    expect(endMs).toBe(1_500);
  });
});
