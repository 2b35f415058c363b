import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { chunksOf, chunksWithoutLevels, speechLevels } from '../../../test/support/speech-levels.ts';
import { type PlannedWindow, planWindows } from './plan-windows.ts';
import type { ChunkSpan } from './tenths.ts';

const LOUD = -20;
const ROOM = -60;
/** So many seconds of a level, give or take 3 dB for a voice and 0.4 dB for a room. */
const voice = (seconds: number) => Array.from({ length: seconds * 10 }, (_, i) => LOUD + (i % 3) * 3 - 3);
const room = (seconds: number) => Array.from({ length: seconds * 10 }, (_, i) => ROOM + (i % 5) * 0.2 - 0.4);
const whole = (levels: readonly number[]) => planWindows(chunksOf(levels), { ended: true });
const cores = (windows: readonly PlannedWindow[]) => windows.map(({ startMs, endMs }) => [startMs, endMs]);
const sent = (windows: readonly PlannedWindow[]) =>
  windows.filter(({ isSilent }) => !isSilent).map(({ fromMs, toMs }) => [fromMs, toMs]);

describe('windows are cut', () => {
  it('in the middle of the first good pause after ten seconds, where neither side hears beyond the cut', () => {
    const windows = whole([
      ...voice(6),
      ...room(1),
      ...voice(6),
      ...room(0.8),
      ...voice(9),
      ...room(1),
      ...voice(8),
    ]);
    expect(cores(windows)).toEqual([
      [0, 13_400],
      [13_400, 31_800],
    ]);
    expect(sent(windows)).toEqual([
      [0, 13_400],
      [13_400, 31_800],
    ]);
    expect(windows.map(({ cut }) => cut)).toEqual(['pause', 'end']);
  });

  it('in a shorter pause the longer they wait, and then both sides hear about half a second more', () => {
    const windows = whole([...voice(11), ...room(0.5), ...voice(2.5), ...room(0.5), ...voice(12)]);
    expect(windows[0]).toEqual({
      index: 0,
      startMs: 0,
      endMs: 14_200,
      fromMs: 0,
      toMs: 14_600,
      cut: 'pause',
      isSilent: false,
    });
    expect(windows[1]?.fromMs).toBe(13_700);
  });

  it('at the quietest place between ten and twenty seconds, when somebody never pauses', () => {
    const levels = voice(45);
    levels[162] = -31;
    levels[163] = -30;
    const [first, second] = whole(levels);
    expect(first).toMatchObject({ endMs: 16_300, cut: 'quietest' });
    expect(second?.fromMs).toBeLessThanOrEqual(15_900);
    expect(first?.toMs).toBeGreaterThanOrEqual(16_700);
  });

  it('every fifteen seconds with more overlap, when the recorder has no meter', () => {
    const windows = planWindows(chunksWithoutLevels(43), { ended: true });
    expect(windows.map(({ fromMs, toMs, cut }) => [fromMs, toMs, cut])).toEqual([
      [0, 16_000, 'fixed'],
      [14_000, 31_000, 'fixed'],
      [29_000, 43_000, 'end'],
    ]);
  });

  it('where a long silence begins, also before ten seconds: what follows of it need not be sent', () => {
    const windows = whole([...voice(4), ...room(1), ...voice(3), ...room(4), ...voice(11)]);
    expect(cores(windows)).toEqual([
      [0, 8_500],
      [8_500, 23_000],
    ]);
    expect(sent(windows)).toEqual([
      [0, 8_500],
      [11_500, 23_000],
    ]);
  });
});

describe('silence', () => {
  it('is not sent for the ten minutes that it lasts, in windows of at most half a minute', () => {
    const windows = whole([...voice(6), ...room(1), ...voice(5), ...room(600), ...voice(6)]);
    expect(sent(windows)).toEqual([
      [0, 12_500],
      [611_500, 618_000],
    ]);
    expect(Math.max(...windows.map(({ startMs, endMs }) => endMs - startMs))).toBe(30_000);
  });

  it('is not believed of a meter that has shown nothing else: all of it is sent', () => {
    for (const level of [-100, -60, Number.NEGATIVE_INFINITY, 0]) {
      const windows = whole(Array(6_000).fill(level));
      expect(windows.some(({ isSilent }) => isSilent)).toBe(false);
      expect(windows.at(-1)?.toMs).toBe(600_000);
    }
  });

  it('is not believed of a meter that stopped: what is quieter than the room, and always the same', () => {
    const windows = whole([...voice(6), ...room(1), ...voice(5), ...room(1), ...Array(600).fill(-100)]);
    expect(uncovered(windows)).toEqual([]);
  });

  it('is believed of a microphone with a gate, whose pauses are digital silence', () => {
    const gated = [2, 3, 2, 2].flatMap((seconds) => [...voice(seconds), -100, -100, -100]);
    expect(sent(whole([...gated, ...voice(2), ...Array(100).fill(-100)]))).toEqual([[0, 12_700]]);
  });

  it('is none when somebody goes on in a whisper', () => {
    const whisper = Array.from({ length: 300 }, (_, i) => -45 + ((i * 7) % 12));
    expect(uncovered(whole([...voice(6), ...room(1), ...voice(5), ...room(1), ...whisper]))).toEqual([]);
  });

  it('at the end is not waited for and not sent', () => {
    expect(sent(whole([...voice(4), ...room(1), ...voice(3), ...room(8)]))).toEqual([[0, 8_500]]);
  });

  it('at the start is not sent once the meter has shown what it can', () => {
    const windows = whole([...room(6), ...voice(4), ...room(1), ...voice(4)]);
    expect(sent(windows)).toEqual([[5_500, 15_000]]);
  });
});

describe('the tail', () => {
  const chunks = chunksOf([...voice(6), ...room(1), ...voice(5), ...room(1), ...voice(2)]);
  it('of a few seconds is transcribed with the window before it', () => {
    expect(cores(planWindows(chunks, { ended: true }))).toEqual([[0, 15_000]]);
  });

  it('is a window of its own when the one before it is on its way', () => {
    const planned = planWindows(chunks, { ended: true, started: new Set([0]) });
    expect(cores(planned)).toEqual([
      [0, 12_500],
      [12_500, 15_000],
    ]);
  });

  it('is the only window of a recording of one word', () => {
    const windows = planWindows([{ startMs: 0, endMs: 840, levels: voice(0.8) }], { ended: true });
    expect(windows).toEqual([
      { index: 0, startMs: 0, endMs: 840, fromMs: 0, toMs: 840, cut: 'end', isSilent: false },
    ]);
  });

  it('is not planned while the recording goes on', () => {
    expect(planWindows(chunksOf(voice(9)), { ended: false })).toEqual([]);
    expect(planWindows([], { ended: true })).toEqual([]);
  });
});

/** What no window hears, where nothing is left out as silence. */
function uncovered(windows: readonly PlannedWindow[]): number[][] {
  const holes: number[][] = [];
  let to = 0;
  for (const window of windows) {
    if (window.isSilent || window.fromMs > to)
      holes.push([to, window.isSilent ? window.endMs : window.fromMs]);
    to = Math.max(to, window.toMs);
  }
  return holes;
}

/** Chunks as any recorder might give them, good and bad. */
const anyLevel = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -100, max: 0, noNaN: true }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(Number.NaN, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 90, -1e9),
  },
);
const anyStretch = fc.oneof(
  fc.tuple(fc.integer({ min: -30, max: -15 }), fc.integer({ min: 1, max: 80 }), fc.constant(9)),
  fc.tuple(fc.integer({ min: -62, max: -55 }), fc.integer({ min: 1, max: 400 }), fc.constant(1)),
  fc.tuple(fc.constantFrom(-100, -60, 0), fc.integer({ min: 1, max: 400 }), fc.constant(0)),
);
const anyLevels = fc.oneof(
  fc.array(anyLevel, { maxLength: 900 }),
  fc
    .array(anyStretch, { maxLength: 30 })
    .map((stretches) =>
      stretches.flatMap(([level, tenths, spread]) =>
        Array.from({ length: tenths }, (_, i) => level + (((i * 31) % 7) / 7 - 0.5) * spread),
      ),
    ),
  fc
    .tuple(fc.nat(100_000), fc.integer({ min: 1, max: 180 }))
    .map(([seed, s]) => speechLevels(seed, s).levels),
);
const anyChunks: fc.Arbitrary<ChunkSpan[]> = fc
  .record({
    levels: anyLevels,
    chunkTenths: fc.integer({ min: 1, max: 80 }),
    shiftMs: fc.integer({ min: -300, max: 300 }),
    faults: fc.array(fc.constantFrom('none', 'none', 'none', 'absent', 'few', 'many', 'back', 'nan'), {
      minLength: 1,
    }),
  })
  .map(({ levels, chunkTenths, shiftMs, faults }) =>
    chunksOf(levels, chunkTenths * 100).map((chunk, index) => {
      const fault = faults[index % faults.length];
      const given = chunk.levels ?? [];
      const span = { ...chunk, startMs: chunk.startMs + (index === 0 ? 0 : shiftMs) };
      if (fault === 'absent') return { startMs: span.startMs, endMs: span.endMs };
      if (fault === 'few') return { ...span, levels: given.slice(0, given.length / 2) };
      if (fault === 'many') return { ...span, levels: [...given, ...given] };
      if (fault === 'back') return { ...span, endMs: span.startMs - 1_000 };
      if (fault === 'nan') return { ...span, startMs: Number.NaN, endMs: Number.NaN };
      return span;
    }),
  );

describe('whatever the recorder says (300 recordings each)', () => {
  it('the windows are a partition of the recording, none longer than 30 s, and hear their own core', () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        const endMs = Math.max(0, ...chunks.map((chunk) => chunk.endMs || 0));
        const windows = planWindows(chunks, { ended: true });
        let at = 0;
        for (const [index, { startMs, fromMs, toMs, ...window }] of windows.entries()) {
          const isGood =
            window.index === index &&
            startMs === at &&
            window.endMs > startMs &&
            window.endMs - startMs <= 30_000 &&
            fromMs >= 0 &&
            fromMs < toMs &&
            toMs <= endMs + 1e-6;
          if (!isGood) throw new Error(`window ${index} of ${JSON.stringify(windows)}`);
          at = window.endMs;
        }
        expect(at).toBe(endMs);
      }),
      { numRuns: 300 },
    );
  });

  it('more chunks never change a window that was planned, and none is planned before it arrived', () => {
    fc.assert(
      fc.property(anyChunks, (chunks) => {
        let planned: readonly PlannedWindow[] = [];
        for (let count = 1; count <= chunks.length; count += Math.ceil(chunks.length / 8)) {
          const arrived = chunks.slice(0, count);
          const next = planWindows(arrived, { ended: false });
          expect(next.slice(0, planned.length)).toEqual(planned);
          const endMs = Math.max(0, ...arrived.map((chunk) => chunk.endMs || 0));
          expect(
            Math.max(0, ...next.map(({ toMs, endMs: coreEnd }) => Math.max(toMs, coreEnd))),
          ).toBeLessThanOrEqual(endMs);
          planned = next;
        }
        const started = new Set(planned.map(({ index }) => index));
        expect(planWindows(chunks, { ended: true, started }).slice(0, planned.length)).toEqual(planned);
      }),
      { numRuns: 300 },
    );
  });

  it('nothing is left out of a meter that cannot be believed', () => {
    const incredible = fc.oneof(
      fc.array(fc.double({ min: -66, max: -54, noNaN: true }), { minLength: 1, maxLength: 900 }),
      fc
        .tuple(fc.constantFrom(-100, -30, 0), fc.nat(2_000))
        .map(([level, tenths]) => Array(tenths + 1).fill(level)),
    );
    fc.assert(
      fc.property(incredible, (levels) => {
        const windows = whole(levels);
        expect(uncovered(windows)).toEqual([]);
        expect(windows.at(-1)?.toMs).toBe(levels.length * 100);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what is sent of 200 recordings of generated speech, of one to eleven minutes', () => {
  const figures = Array.from({ length: 200 }, (_, seed) => {
    const { levels, soundingMs } = speechLevels(seed, 60 + 3 * seed);
    const windows = whole(levels);
    const sentMs = sent(windows).reduce((sum, [from = 0, to = 0]) => sum + to - from, 0);
    return { sentMs, soundingMs, wholeMs: levels.length * 100, windows };
  });
  const sum = (of: (figure: (typeof figures)[number]) => number) =>
    figures.reduce((all, each) => all + of(each), 0);

  it('is at most 1.12 × what sounds in any of them, and 1.05 × in all together', () => {
    const ratios = figures.map(({ sentMs, soundingMs }) => sentMs / soundingMs);
    expect(Math.max(...ratios)).toBeLessThanOrEqual(1.12);
    expect(sum(({ sentMs }) => sentMs) / sum(({ soundingMs }) => soundingMs)).toBeLessThanOrEqual(1.05);
  });

  it('is less than the whole recordings, also when every request is rounded up to a second', () => {
    const rounded = sum(({ windows }) =>
      sent(windows).reduce((all, [from = 0, to = 0]) => all + 1_000 * Math.ceil((to - from) / 1_000), 0),
    );
    expect(rounded / sum(({ wholeMs }) => wholeMs)).toBeLessThanOrEqual(1);
  });
});
