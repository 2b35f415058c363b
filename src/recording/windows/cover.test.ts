import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectAddsUp } from '../../../test/support/coverage-adds-up.ts';
import { type Covered, coverage, holes } from './cover.ts';

const heard = (startMs: number, endMs: number): Covered => ({ startMs, endMs });
const gap = (startMs: number, endMs: number, reason: string): Covered => ({ startMs, endMs, gap: reason });

describe('coverage', () => {
  it('of windows that follow one another is the whole recording', () => {
    expect(coverage(20_120, 20_000, [heard(0, 12_000), heard(12_000, 20_040)])).toEqual({
      capturedMs: 20_000,
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

  it('takes the sound’s word where the recorder’s clock ran ahead or behind by less than a gap', () => {
    for (const told of [19_400, 20_400])
      expect(coverage(told, 20_000, [heard(0, 20_000)])).toMatchObject({ capturedMs: 20_000, gaps: [] });
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

it('every millisecond is heard or in exactly one gap, whatever the windows and the recorder’s word (1,000 runs)', () => {
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
    fc.property(
      fc.array(anyWindow, { maxLength: 8 }),
      fc.nat(2_000),
      fc.nat(4_000),
      (windows, storedMs, told) => {
        const covered = coverage(told, storedMs, windows);
        const { gaps } = covered;
        expectAddsUp({ ...covered, storedMs });
        for (const hole of holes(storedMs, windows)) {
          expect(gaps.some(({ startMs, endMs }) => startMs <= hole.startMs && endMs >= hole.endMs)).toBe(
            true,
          );
        }
        for (const { startMs, endMs } of windows.filter((window) => window.gap === undefined)) {
          const stored = gaps.filter(({ reason }) => reason !== 'not_stored');
          expect(
            stored.every((each) => each.endMs <= startMs || each.startMs >= endMs || endMs <= startMs),
          ).toBe(true);
        }
      },
    ),
    { numRuns: 1_000 },
  );
});
