import { describe, expect, it } from '@jest/globals';
import { goesInCircles } from './repeated-phrases.ts';
import { tokensOf } from './text-tokens.ts';

/** Words that are there once each. */
const different = (count: number, as = 'once') =>
  Array.from({ length: count }, (_, index) => `${as}${index}`);
const phrase = (words: number) => different(words, 'again');
const again = (words: readonly string[], times: number) =>
  Array<string[]>(times)
    .fill([...words])
    .flat();
/** Beside so much that is there once, phrases that take turns are not what is found. */
const ONCE = different(60);
const circles = (words: readonly string[]) => goesInCircles(tokensOf(words.join(' ')));

describe('a phrase said again and again', () => {
  it.each([
    [1, 10],
    [2, 8],
    [3, 6],
    [4, 6],
    [5, 5],
    [9, 5],
    [10, 4],
  ])('given %i words is a circle from %i times on', (words, times) => {
    const circle = again(phrase(words), times);
    expect(circles(circle)).toBe(true);
    expect(circles([...ONCE, ...circle])).toBe(true);
    expect(circles([...ONCE, ...circle.slice(1)])).toBe(false);
    expect(circles([...ONCE, ...again(phrase(words), times - 1)])).toBe(false);
  });

  it('given 30 words is a circle at four times, and given 31 it is not', () => {
    expect(circles([...ONCE, ...again(phrase(30), 4)])).toBe(true);
    expect(circles([...ONCE, ...again(phrase(31), 4)])).toBe(false);
  });

  it('is found in the middle of what is said once', () => {
    expect(circles([...different(20), ...again(phrase(2), 8), ...different(20, 'then')])).toBe(true);
    expect(circles([...different(20), ...again(phrase(2), 4), 'well', ...again(phrase(2), 4)])).toBe(false);
  });

  it('given characters counts two of them as a word, and allows one of them twice as often', () => {
    expect(circles(['哈'.repeat(20)])).toBe(true);
    expect(circles(['哈'.repeat(19)])).toBe(false);
    expect(circles(['你好'.repeat(10)])).toBe(true);
    expect(circles(['你好'.repeat(9)])).toBe(false);
  });

  it('given characters is a circle at four times up to 60 of them', () => {
    const characters = (from: number, count: number) =>
      String.fromCodePoint(...different(count).map((_, i) => from + i));
    const once = characters(0x5e00, 120);
    expect(circles([once + characters(0x4e00, 60).repeat(4)])).toBe(true);
    expect(circles([once + characters(0x4e00, 61).repeat(4)])).toBe(false);
  });
});

describe('phrases that take turns', () => {
  /** Two phrases in turns that never come back to where they were. */
  const turns = (one: string, other: string, words: number) =>
    [...'ABBABAABBAABABBA'].flatMap((turn) => (turn === 'A' ? one : other).split(' ')).slice(0, words);

  it('given 43 words are a circle when few are there once, and given fewer words nothing can be told', () => {
    expect(circles(turns('thank you all', 'see you soon', 43))).toBe(true);
    expect(circles(turns('thank you all', 'see you soon', 42))).toBe(false);
  });

  it('given that two of five times something else is said are none', () => {
    expect(circles(turns('any one of them here', 'anyone o f them there', 43))).toBe(false);
  });

  it('are none where everything is said once', () => {
    expect(circles(different(43))).toBe(false);
    expect(circles([])).toBe(false);
  });
});
