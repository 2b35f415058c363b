import { describe, expect, it } from '@jest/globals';
import { isContradicted, leftToSilence } from './contradicted-silence.ts';

const word = (startMs: number) => ({ startMs, endMs: startMs + 300 });

describe('levels', () => {
  const silences = [{ startMs: 10_000, endMs: 13_000 }];
  it('are contradicted by words that are heard where nothing sounds', () => {
    expect(isContradicted([word(9_000), word(10_100), word(11_000), word(12_700)], silences)).toBe(true);
  });
  it('are not by words that reach into a silence: recognisers stretch them over a pause', () => {
    const stretched = [9_900, 9_950, 12_800, 12_900].map(word);
    expect(isContradicted(stretched, silences)).toBe(false);
  });
  it('are not by a word or two beside their place, nor by a few in a long recording', () => {
    const few = [word(10_100), word(11_000), word(12_000)];
    expect(isContradicted(few.slice(0, 2), silences)).toBe(false);
    const spoken = Array.from({ length: 200 }, (_, index) => word(20_000 + index * 500));
    expect(isContradicted([...few, ...spoken], silences)).toBe(false);
  });
  it('are contradicted by words in one silence or another, from its very beginning to its very end', () => {
    const silent = [...silences, { startMs: 30_000, endMs: 30_300 }, { startMs: 40_000, endMs: 41_000 }];
    expect(isContradicted([word(10_000), word(30_000), word(40_700)], silent)).toBe(true);
  });
  it('are not by words before a silence', () => {
    expect(isContradicted([word(1_000), word(2_000), word(9_699), word(9_999)], silences)).toBe(false);
  });
  it('are contradicted by three words of 150, and not by three of 151', () => {
    const few = [word(10_100), word(11_000), word(12_000)];
    const spoken = (count: number) => Array.from({ length: count }, (_, index) => word(20_000 + index * 500));
    expect(isContradicted([...few, ...spoken(147)], silences)).toBe(true);
    expect(isContradicted([...few, ...spoken(148)], silences)).toBe(false);
  });
  it('are not by what has no words', () => {
    expect(isContradicted([], silences)).toBe(false);
  });
});

describe('what was left to silence', () => {
  it('is what was not sent: before, between and behind the windows', () => {
    const windows = [
      { fromMs: 2_000, toMs: 14_000 },
      { fromMs: 17_000, toMs: 30_000 },
    ];
    expect(leftToSilence(windows, 33_000)).toEqual([
      { startMs: 0, endMs: 2_000 },
      { startMs: 14_000, endMs: 17_000 },
      { startMs: 30_000, endMs: 33_000 },
    ]);
  });
  it('is a cut, too, that neither side hears beyond, and not one in an overlap', () => {
    const windows = [
      { fromMs: 0, toMs: 14_000 },
      { fromMs: 14_000, toMs: 25_000 },
      { fromMs: 24_000, toMs: 40_000 },
    ];
    expect(leftToSilence(windows, 40_000)).toEqual([{ startMs: 14_000, endMs: 14_000 }]);
  });
  it('is a cut that both sides hear less than 250 ms of', () => {
    const beside = (fromMs: number) => [
      { fromMs: 0, toMs: 14_000 },
      { fromMs, toMs: 25_000 },
    ];
    expect(leftToSilence(beside(13_750), 25_000)).toEqual([]);
    expect(leftToSilence(beside(13_751), 25_000)).toEqual([{ startMs: 13_751, endMs: 13_751 }]);
  });
  it('is nothing where the first window begins with the recording', () => {
    expect(leftToSilence([{ fromMs: 0, toMs: 14_000 }], 14_000)).toEqual([]);
    expect(leftToSilence([{ fromMs: 1, toMs: 14_000 }], 14_000)).toEqual([{ startMs: 0, endMs: 1 }]);
  });
  it('is heard in pieces of at most 20 s', () => {
    expect(leftToSilence([{ fromMs: 0, toMs: 10_000 }], 60_000)).toEqual([
      { startMs: 10_000, endMs: 10_000 + 50_000 / 3 },
      { startMs: 10_000 + 50_000 / 3, endMs: 10_000 + 100_000 / 3 },
      { startMs: 10_000 + 100_000 / 3, endMs: 60_000 },
    ]);
  });
  it('is heard to its very end, whatever the pieces’ lengths add up to', () => {
    const pieces = leftToSilence([{ fromMs: 0, toMs: 10_000 }], 131_001);
    expect(pieces).toHaveLength(7);
    expect(pieces.at(-1)?.endMs).toBe(131_001);
  });
});
