import { describe, expect, it } from '@jest/globals';
import { type HeardWindow, settledText, stitch, type TimedWord } from './stitch.ts';

/** Words as `word@milliseconds`, each a quarter of a second long. */
const timed = (words: string): TimedWord[] =>
  words.split(' ').map((each) => {
    const [word = '', at] = each.split('@');
    return { word, startMs: Number(at), endMs: Number(at) + 250 };
  });
const first = (text: string, words?: string): HeardWindow => ({
  startMs: 0,
  endMs: 10_000,
  text,
  ...(words === undefined ? {} : { words: timed(words) }),
});
const second = (text: string, words?: string): HeardWindow => ({
  startMs: 10_000,
  endMs: 20_000,
  text,
  ...(words === undefined ? {} : { words: timed(words) }),
});
const textOf = (...windows: HeardWindow[]) => stitch(windows).text;

describe('with word times', () => {
  it('words that both windows heard are there once, with the punctuation of the sentence they are in', () => {
    const stitched = stitch([
      first('So I went to the.', 'so@8000 I@8400 went@9000 to@9500 the@10100'),
      second(
        'Went to the shop, and then home.',
        'Went@9010 to@9490 the@10090 shop@10500 and@11000 then@11300 home@11700',
      ),
    ]);
    expect(stitched.text).toBe('So I went to the shop, and then home.');
    expect(stitched.words?.map(({ word, window }) => `${word}/${window}`).join(' ')).toBe(
      'so/0 I/0 went/0 to/0 the/0 shop/1 and/1 then/1 home/1',
    );
    expect(stitched.parts).toEqual([
      { from: 0, to: 16 },
      { from: 16, to: 37 },
    ]);
  });

  it('a word said again and again is there as often as it was said', () => {
    expect(
      textOf(
        first('no no no', 'no@9000 no@9500 no@10000'),
        second('no no no no', 'no@9500 no@10000 no@10500 no@11000'),
      ),
    ).toBe('no no no no no');
  });

  it('a word that the edge of the audio cut is taken from the other side', () => {
    expect(
      textOf(
        { ...first('913 042 00', '913@9000 042@9500 00@10400'), toMs: 10_600 },
        { ...second('13 042 007 118', '13@9400 042@9500 007@10400 118@11000'), fromMs: 9_350 },
      ),
    ).toBe('913 042 007 118');
  });

  it('windows that heard different things in the overlap are each believed on their own side of the cut', () => {
    expect(
      textOf(
        first('I like green bees', 'I@8500 like@9000 green@9400 bees@10200'),
        second('grin peas a lot', 'grin@9420 peas@10210 a@10800 lot@11100'),
      ),
    ).toBe('I like green peas a lot');
  });

  it('words are those of the text: what a window heard beyond the seam is not among them', () => {
    const { words } = stitch([
      first('I like green bees', 'I@8500 like@9000 green@9400 bees@10200'),
      second('grin peas a lot', 'grin@9420 peas@10210 a@10800 lot@11100'),
    ]);
    expect(words?.map(({ word, window }) => `${word}/${window}`).join(' ')).toBe(
      'I/0 like/0 green/0 peas/1 a/1 lot/1',
    );
  });

  it('a window of which no word counts leaves no punctuation behind', () => {
    expect(
      textOf(
        { ...first('— bees so', 'bees@9850 so@10000'), toMs: 10_250 },
        { ...second('Peas so on.', 'peas@9850 so@10000 on@10500'), fromMs: 9_550 },
      ),
    ).toBe('Peas so on.');
  });

  it('texts are kept as written when the words have no punctuation and are spelled otherwise', () => {
    expect(
      textOf(
        first('It cost “20 dollars”, he said.', 'it@7000 cost@7500 $20@8000 he@9500 said@9900'),
        second('He said nothing else!', 'he@9500 said@9900 nothing@10300 else@10800'),
      ),
    ).toBe('It cost “20 dollars”, he said nothing else!');
  });

  it('Chinese and Japanese are joined without a space, whatever pieces the words come in', () => {
    expect(
      textOf(
        first('今天天气很好。', '今@8000 天@8300 天气@8700 很@9500 好@9900'),
        second('很好，我们去公园。', '很@9500 好@9900 我们@10400 去@10800 公园@11200'),
      ),
    ).toBe('今天天气很好，我们去公园。');
    expect(textOf(first('ラーメンを食べた。'), second('おいしかった。'))).toBe(
      'ラーメンを食べた。おいしかった。',
    );
  });
});

describe('without word times', () => {
  it('the overlap is what the end of the one and the beginning of the other have in common', () => {
    expect(textOf(first('We walked along the river.'), second('The river was high.'))).toBe(
      'We walked along the river was high.',
    );
    expect(textOf(first('我昨天去了公园。'), second('去了公园散步。'))).toBe('我昨天去了公园散步。');
  });

  it('nothing is taken away where nothing agrees, or where the windows do not overlap', () => {
    expect(textOf(first('We put the book'), second('on the table.'))).toBe('We put the book on the table.');
    const apart = [
      { ...first('I said no'), toMs: 10_000 },
      { ...second('no and no'), fromMs: 10_000 },
    ];
    expect(stitch(apart).text).toBe('I said no no and no');
  });

  it('a piece of a word at the edge is not a word', () => {
    expect(textOf(first('042 913 00'), second('913 007 118'))).toBe('042 913 007 118');
    expect(textOf(first('042 91'), second('913 007'))).toBe('042 913 007');
  });
});

describe('windows', () => {
  it('that heard nothing add nothing', () => {
    const third = { startMs: 20_000, endMs: 25_000, text: 'Again.' };
    expect(textOf(first('One.'), second('  '), third)).toBe('One. Again.');
    expect(stitch([])).toEqual({ text: '', words: [], parts: [] });
  });

  it('that heard nothing need no words for the others to have theirs', () => {
    expect(stitch([first('One', 'one@1000'), second('  ')]).words).toEqual([
      { word: 'one', startMs: 1_000, endMs: 1_250, window: 0 },
    ]);
  });

  it('that heard no letter keep what they heard', () => {
    expect(textOf(first('', '…@1000'), second('So.', 'so@10500'))).toBe('… So.');
  });

  it('begin as they are written where they have nothing in common', () => {
    expect(textOf(first('One.'), second('— Two.'))).toBe('One. — Two.');
  });

  it('give the part of the text that they gave, without the space around it', () => {
    expect(stitch([first(' One.  '), second('  Two. ')])).toEqual({
      text: 'One. Two.',
      parts: [
        { from: 0, to: 4 },
        { from: 5, to: 9 },
      ],
    });
  });

  it('beside one that is missing keep all they heard', () => {
    const later = { startMs: 20_000, endMs: 30_000, text: 'the end', words: timed('the@19500 end@20000') };
    expect(textOf(first('in the', 'in@9700 the@10200'), later)).toBe('in the the end');
  });

  it('have words together only when each of them has', () => {
    expect(stitch([first('a', 'a@1'), second('b')]).words).toBeUndefined();
  });
});

describe('settled text', () => {
  it('holds back what the next window may have heard too', () => {
    expect(settledText([first('One two three four.', 'one@5000 two@7000 three@8000 four@9700')])).toBe(
      'One two',
    );
    expect(settledText([first('a b c d e f g h i j k l m n o p')])).toBe('a b c d');
    expect(settledText([])).toBe('');
  });

  it('is all of it once silence has gone by', () => {
    expect(settledText([first('One two.', 'one@1000 two@2000')])).toBe('One two.');
  });
});
