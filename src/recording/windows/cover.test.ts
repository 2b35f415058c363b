import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { expectAddsUp } from '../../../test/support/coverage-adds-up.ts';
import { type Covered, coverage, holes } from './cover.ts';

const heard = (startMs: number, endMs: number): Covered => ({ startMs, endMs });
const gap = (startMs: number, endMs: number, reason: string): Covered => ({ startMs, endMs, gap: reason });

const gapsOf = (storedMs: number, windows: readonly Covered[]) => coverage(undefined, storedMs, windows).gaps;

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

  it('given a recorder that is 500 ms ahead believes the sound, and from 501 ms on the recorder', () => {
    expect(coverage(20_500, 20_000, [heard(0, 20_000)])).toMatchObject({ capturedMs: 20_000, gaps: [] });
    expect(coverage(20_501, 20_000, [heard(0, 20_000)])).toMatchObject({
      capturedMs: 20_501,
      gaps: [{ startMs: 20_000, endMs: 20_501, reason: 'not_stored' }],
    });
  });

  it('given two failed windows one after the other names one gap when they failed alike, and two when not', () => {
    const after = [heard(8_000, 10_000)];
    expect(
      gapsOf(10_000, [
        gap(0, 3_000, 'repeats'),
        gap(3_000, 6_000, 'repeats'),
        gap(6_000, 8_000, 'no_words'),
        ...after,
      ]),
    ).toEqual([
      { startMs: 0, endMs: 6_000, reason: 'repeats' },
      { startMs: 6_000, endMs: 8_000, reason: 'no_words' },
    ]);
  });

  it('given failed windows in any order names the gaps in order, with what lies between them', () => {
    expect(
      gapsOf(20_000, [
        gap(12_000, 15_000, 'no_words'),
        gap(9_000, 10_000, 'refused'),
        gap(2_000, 5_000, 'repeats'),
      ]),
    ).toEqual([
      { startMs: 0, endMs: 2_000, reason: 'not_transcribed' },
      { startMs: 2_000, endMs: 5_000, reason: 'repeats' },
      { startMs: 5_000, endMs: 9_000, reason: 'not_transcribed' },
      { startMs: 9_000, endMs: 10_000, reason: 'refused' },
      { startMs: 10_000, endMs: 12_000, reason: 'not_transcribed' },
      { startMs: 12_000, endMs: 15_000, reason: 'no_words' },
      { startMs: 15_000, endMs: 20_000, reason: 'not_transcribed' },
    ]);
  });

  it('given 100 ms open beside a gap takes them for a part of it, and 101 ms for a gap of their own', () => {
    const around = [heard(0, 5_000), heard(10_000, 20_000)];
    expect(gapsOf(20_000, [...around, gap(5_100, 9_900, 'repeats')])).toEqual([
      { startMs: 5_000, endMs: 10_000, reason: 'repeats' },
    ]);
    expect(gapsOf(20_000, [...around, gap(5_101, 9_899, 'repeats')])).toEqual([
      { startMs: 5_000, endMs: 5_101, reason: 'not_transcribed' },
      { startMs: 5_101, endMs: 9_899, reason: 'repeats' },
      { startMs: 9_899, endMs: 10_000, reason: 'not_transcribed' },
    ]);
    expect(gapsOf(20_000, [...around, gap(5_000, 7_000, 'repeats'), gap(7_060, 10_000, 'refused')])).toEqual([
      { startMs: 5_000, endMs: 7_000, reason: 'repeats' },
      { startMs: 7_000, endMs: 10_000, reason: 'refused' },
    ]);
  });

  it('given a failed window behind what was not heard does not explain it by that one', () => {
    const windows = [gap(0, 9_950, 'repeats'), heard(10_000, 20_000)];
    for (const startMs of [10_000, 15_000])
      expect(gapsOf(20_000, [...windows, gap(startMs, 16_000, 'no_words')])).toEqual([
        { startMs: 0, endMs: 10_000, reason: 'repeats' },
      ]);
  });

  it('given a failed window before what was not heard does not explain it by that one', () => {
    expect(gapsOf(20_000, [heard(0, 10_000), gap(2_000, 9_990, 'repeats')])).toEqual([
      { startMs: 10_000, endMs: 20_000, reason: 'not_transcribed' },
    ]);
  });

  it('given a failed window without length, or one that ends before it begins, explains nothing by it', () => {
    for (const endMs of [5_000, 4_990])
      expect(gapsOf(10_000, [gap(0, 4_950, 'repeats'), gap(5_000, endMs, 'no_words')])).toEqual([
        { startMs: 0, endMs: 4_950, reason: 'repeats' },
        { startMs: 4_950, endMs: 10_000, reason: 'not_transcribed' },
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

  it('given 100 ms that nothing covers are none, and from 101 ms on are one', () => {
    expect(holes(20_000, [heard(100, 9_000), heard(9_100, 19_900)])).toEqual([]);
    expect(holes(20_000, [heard(101, 9_000), heard(9_101, 19_899)])).toEqual([
      { startMs: 0, endMs: 101 },
      { startMs: 9_000, endMs: 9_101 },
      { startMs: 19_899, endMs: 20_000 },
    ]);
  });

  it('are not parted by a window without length, or by one that ends before it begins', () => {
    for (const endMs of [5_000, 4_000])
      expect(holes(10_000, [heard(5_000, endMs)])).toEqual([{ startMs: 0, endMs: 10_000 }]);
  });

  it('given windows out of order, within one another, or beyond the sound, are of the sound alone', () => {
    const windows = [
      heard(-900, -100),
      heard(6_000, 8_000),
      heard(1_000, 5_000),
      heard(2_000, 3_000),
      heard(11_000, 12_000),
    ];
    expect(holes(10_000, windows)).toEqual([
      { startMs: 0, endMs: 1_000 },
      { startMs: 5_000, endMs: 6_000 },
      { startMs: 8_000, endMs: 10_000 },
    ]);
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
