import { describe, expect, it } from '@jest/globals';
import { hearing, type TimedWord } from './heard-window.ts';

const word = (of: string, startMs: number, endMs: number): TimedWord => ({ word: of, startMs, endMs });
const heard = (text: string, ...words: TimedWord[]) => hearing({ startMs: 0, endMs: 10_000, text, words });
/** Each token as `norm`, start and end. */
const timesOf = (text: string, ...words: TimedWord[]) =>
  heard(text, ...words).tokens.map(({ norm, startMs, endMs }) => [norm, startMs, endMs]);

describe('what was heard', () => {
  it('given words and no text is the words, one after the other', () => {
    const { text, isTimed, wordTokens } = heard(' . ', word('I', 100, 200), word('slept.', 300, 700));
    expect({ text, isTimed, wordTokens }).toEqual({ text: 'I slept.', isTimed: true, wordTokens: [0, 1] });
    expect(timesOf(' . ', word('I', 100, 200), word('slept.', 300, 700))).toEqual([
      ['i', 100, 200],
      ['slept', 300, 700],
    ]);
  });

  it('given a text is that text, whatever the words are', () => {
    expect(heard('I slept.', word('I', 100, 200), word('sleep', 300, 700)).text).toBe('I slept.');
  });

  it('given nothing is nothing, and has no times', () => {
    const window = { startMs: 0, endMs: 10_000, text: '' };
    expect(hearing(window)).toEqual({ window, text: '', tokens: [], isTimed: false, wordTokens: [] });
  });

  it('given no words has tokens without times', () => {
    const { tokens, isTimed } = hearing({ startMs: 0, endMs: 10_000, text: 'So it' });
    expect(isTimed).toBe(false);
    expect(tokens).toEqual([
      { start: 0, end: 2, norm: 'so', isCharacter: false, startMs: Number.NaN, endMs: Number.NaN },
      { start: 3, end: 5, norm: 'it', isCharacter: false, startMs: Number.NaN, endMs: Number.NaN },
    ]);
  });

  it('given times for half of its tokens is timed, and for fewer it is not', () => {
    expect(timesOf('so it', word('so', 100, 300))).toEqual([
      ['so', 100, 300],
      ['it', 300, 300],
    ]);
    expect(timesOf('so it was', word('so', 100, 300))).toEqual([
      ['so', Number.NaN, Number.NaN],
      ['it', Number.NaN, Number.NaN],
      ['was', Number.NaN, Number.NaN],
    ]);
    expect(heard('so it was', word('so', 100, 300)).isTimed).toBe(false);
  });
});

describe('a word’s place in the text', () => {
  it('given a mark of punctuation as a word is the token before it', () => {
    const words = [
      word(',', 0, 0),
      word('Well', 0, 200),
      word(',', 200, 200),
      word('yes', 300, 500),
      word('.', 500, 500),
    ];
    expect(heard('Well, yes.', ...words).wordTokens).toEqual([0, 0, 0, 1, 1]);
  });

  it('given a word that the text has not is the token before it, and the next one is found all the same', () => {
    const words = [
      word('so', 0, 200),
      word('hm', 200, 300),
      word('it', 300, 500),
      word('er', 500, 600),
      word('was', 600, 900),
    ];
    const { wordTokens, tokens } = heard('so it was', ...words);
    expect(wordTokens).toEqual([0, 0, 1, 1, 2]);
    expect(tokens.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
      [0, 200],
      [300, 500],
      [600, 900],
    ]);
  });

  it('given 30 letters before the word is found, and given 31 is not', () => {
    expect(heard(`${'x'.repeat(30)} end`, word('end', 100, 300))).toMatchObject({
      wordTokens: [1],
      isTimed: true,
    });
    expect(heard(`${'x'.repeat(31)} end`, word('end', 100, 300))).toMatchObject({
      wordTokens: [0],
      isTimed: false,
    });
  });
});

describe('a token’s times', () => {
  it('given one word for several tokens are shared out by their letters', () => {
    expect(timesOf('twenty one', word('twenty-one', 1_000, 1_900))).toEqual([
      ['twenty', 1_000, 1_600],
      ['one', 1_600, 1_900],
    ]);
  });

  it('given several words for one token last from the first of them to the end of the last', () => {
    expect(timesOf('tomorrow', word('to', 500, 700), word('morrow', 800, 1_200))).toEqual([
      ['tomorrow', 500, 1_200],
    ]);
  });

  it('given a word of no length are that moment', () => {
    expect(timesOf('so it', word('so', 100, 300), word('it', 500, 500))).toEqual([
      ['so', 100, 300],
      ['it', 500, 500],
    ]);
  });

  it('given a word’s times that cannot be are those of where its neighbours meet', () => {
    const wrong: [number, number][] = [
      [500, 400],
      [500, Number.POSITIVE_INFINITY],
      [Number.NEGATIVE_INFINITY, 500],
      [Number.NaN, 500],
      [500, Number.NaN],
    ];
    for (const [startMs, endMs] of wrong) {
      const words = [word('so', 100, 300), word('it', startMs, endMs), word('was', 600, 900)];
      expect(heard('so it was', ...words).wordTokens).toEqual([0, 1, 2]);
      expect(timesOf('so it was', ...words)).toEqual([
        ['so', 100, 300],
        ['it', 300, 600],
        ['was', 600, 900],
      ]);
    }
  });

  it('given no word for it last from the end of the one before to the beginning of the one behind', () => {
    expect(timesOf('a b c d e f', word('b', 100, 200), word('c', 300, 400), word('f', 700, 900))).toEqual([
      ['a', 100, 100],
      ['b', 100, 200],
      ['c', 300, 400],
      ['d', 400, 700],
      ['e', 400, 700],
      ['f', 700, 900],
    ]);
  });

  it('given no word for the last ones are where what was heard ends', () => {
    expect(timesOf('a b c d', word('a', 100, 200), word('b', 300, 450))).toEqual([
      ['a', 100, 200],
      ['b', 300, 450],
      ['c', 450, 450],
      ['d', 450, 450],
    ]);
  });

  it('given neighbours that overlap never end before they begin', () => {
    expect(timesOf('a b c', word('a', 100, 500), word('c', 400, 900))).toEqual([
      ['a', 100, 500],
      ['b', 500, 500],
      ['c', 400, 900],
    ]);
  });
});
