import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Covered, coverage, holes } from './cover.ts';

const heard = (startMs: number, endMs: number): Covered => ({ startMs, endMs });
const gap = (startMs: number, endMs: number, reason: string): Covered => ({ startMs, endMs, gap: reason });

describe('coverage', () => {
  it('of windows that follow one another is the whole recording', () => {
    expect(coverage(20_120, 20_000, [heard(0, 12_000), heard(12_000, 20_040)])).toEqual({
      capturedMs: 20_120,
      storedMs: 20_000,
      transcribedMs: 20_000,
      gaps: [],
    });
  });

  it('names each gap with its reason, and what no window answers for', () => {
    const windows = [
      heard(0, 10_000),
      gap(10_000, 15_000, 'repeats'),
      heard(15_000, 20_000),
      heard(26_000, 30_000),
    ];
    expect(coverage(undefined, 30_000, windows)).toEqual({
      capturedMs: 30_000,
      storedMs: 30_000,
      transcribedMs: 19_000,
      gaps: [
        { startMs: 10_000, endMs: 15_000, reason: 'repeats' },
        { startMs: 20_000, endMs: 26_000, reason: 'not_transcribed' },
      ],
    });
  });

  it('counts what was heard in one window though another one failed', () => {
    const windows = [gap(5_000, 12_000, 'no_words'), heard(0, 8_000), heard(11_000, 20_000)];
    expect(coverage(20_000, 20_000, windows).gaps).toEqual([
      { startMs: 8_000, endMs: 11_000, reason: 'no_words' },
    ]);
  });

  it('says what was recorded and never stored', () => {
    expect(coverage(34_000, 30_000, [heard(0, 30_000)]).gaps).toEqual([
      { startMs: 30_000, endMs: 34_000, reason: 'not_stored' },
    ]);
  });

  it('of nothing is nothing', () => {
    expect(coverage(undefined, 0, [])).toEqual({ capturedMs: 0, storedMs: 0, transcribedMs: 0, gaps: [] });
  });
});

describe('holes', () => {
  it('are what neither a window nor a gap covers, but for a rounding', () => {
    const windows = [heard(0, 9_950), heard(10_000, 14_000), gap(16_000, 18_000, 'no_words')];
    expect(holes(20_000, windows)).toEqual([
      { startMs: 14_000, endMs: 16_000 },
      { startMs: 18_000, endMs: 20_000 },
    ]);
    expect(holes(20_000, [])).toEqual([{ startMs: 0, endMs: 20_000 }]);
  });
});

it('every millisecond is heard or in exactly one gap, whatever the windows (1,000 runs)', () => {
  const anyWindow = fc
    .record({
      startMs: fc.integer({ min: -500, max: 2_500 }),
      length: fc.integer({ min: -10, max: 900 }),
      reason: fc.option(fc.constantFrom('refused', 'repeats'), { nil: undefined }),
    })
    .map(({ startMs, length, reason }) =>
      reason === undefined ? heard(startMs, startMs + length) : gap(startMs, startMs + length, reason),
    );
  fc.assert(
    fc.property(fc.array(anyWindow, { maxLength: 8 }), fc.nat(2_000), (windows, storedMs) => {
      const { gaps, transcribedMs } = coverage(storedMs, storedMs, windows);
      let at = 0;
      let lost = 0;
      for (const { startMs, endMs } of gaps) {
        expect(startMs).toBeGreaterThanOrEqual(at);
        expect(endMs).toBeGreaterThan(startMs);
        lost += endMs - startMs;
        at = endMs;
      }
      expect(at).toBeLessThanOrEqual(storedMs);
      expect(transcribedMs + lost).toBe(storedMs);
      for (const hole of holes(storedMs, windows)) {
        expect(gaps.some(({ startMs, endMs }) => startMs <= hole.startMs && endMs >= hole.endMs)).toBe(true);
      }
      for (const { startMs, endMs } of windows.filter((window) => window.gap === undefined)) {
        expect(gaps.every((each) => each.endMs <= startMs || each.startMs >= endMs || endMs <= startMs)).toBe(
          true,
        );
      }
    }),
    { numRuns: 1_000 },
  );
});
