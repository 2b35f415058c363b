import { describe, expect, it } from '@jest/globals';
import { believedSilence } from './believed-silence.ts';

/** So many tenths near a level, never two alike, so that no reading is taken for a stuck one. */
const near = (level: number, tenths: number) =>
  Array.from({ length: tenths }, (_, i) => level + (i % 2) * 0.2);
const at = (levels: readonly number[], tenth: number, asOf = tenth) =>
  believedSilence(Float64Array.from(levels)).isAt(tenth, asOf);
const last = (...levels: number[][]) => at(levels.flat(), levels.flat().length - 1);

describe('a meter is believed', () => {
  it('once it has shown a second that is 15 dB louder than the floor', () => {
    expect(last(near(-60, 20), near(-45, 10), near(-60, 5))).toBe(true);
    expect(last(near(-60, 20), near(-46, 10), near(-60, 5))).toBe(false);
    expect(last(near(-60, 20), near(-30, 8), near(-60, 5))).toBe(false);
  });
  it('after two seconds', () => {
    // The reading before counts once the next has come: twenty with the twenty-first.
    expect(last(near(-20, 10), near(-60, 10))).toBe(false);
    expect(last(near(-20, 10), near(-60, 11))).toBe(true);
  });
  it('for what came until then, never for what comes after', () => {
    const levels = [...near(-60, 20), ...near(-20, 10)];
    expect(at(levels, 5)).toBe(false);
    expect(at(levels, 5, 29)).toBe(false);
    expect(at([...levels, -20.4], 5, 30)).toBe(true);
  });
});

describe('silence', () => {
  it('is what lies within 6 dB of the quietest twentieth, at least a second', () => {
    const heard = [...near(-60, 20), ...near(-20, 20)];
    expect([-54, -53.9, -53].map((level) => last(heard, [-20.5, level]))).toEqual([true, false, false]);
    // Half a second that was quieter is too little to go by in so short a time.
    expect(last(near(-80, 5), heard, [-20.5, -58])).toBe(true);
    expect(last(near(-80, 10), heard, [-20.5, -58])).toBe(false);
  });
  it('is not where a level is not known, which tells nothing of the others either', () => {
    const unknown = Array<number>(40).fill(Number.NaN);
    expect(last(near(-60, 20), near(-20, 12), unknown)).toBe(false);
    expect(last(near(-60, 20), near(-20, 12), unknown, near(-60, 3))).toBe(true);
    expect(last(unknown, near(-60, 3))).toBe(false);
  });
});

describe('a reading that stays the same', () => {
  const heard = [...near(-60, 20), ...near(-20, 20)];
  const same = (level: number, tenths: number) => Array<number>(tenths).fill(level);

  it('for half a second is of a stuck meter, and not silence', () => {
    expect(last(heard, same(-70, 4))).toBe(true);
    expect(last(heard, same(-70, 5))).toBe(false);
  });
  it('is believed when the same was seen for shorter twice before', () => {
    const gate = [...same(-70, 3), ...near(-20, 4)];
    expect(last(heard, gate, gate, same(-70, 8))).toBe(true);
    expect(last(heard, gate, same(-70, 8))).toBe(false);
    // Half a second of it was as stuck as this one.
    const stuck = [...same(-70, 5), ...near(-20, 4)];
    expect(last(heard, stuck, stuck, same(-70, 8))).toBe(false);
  });
  it('is not counted: a stuck meter does not make the floor', () => {
    expect(last(heard, same(-90, 60), near(-20, 3), near(-60, 2))).toBe(true);
  });
});
