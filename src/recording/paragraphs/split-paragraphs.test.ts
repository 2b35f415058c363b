import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitParagraphs } from './split-paragraphs.ts';

const small = { minWords: 4, maxWords: 8, charactersPerWord: 2 };
const split = (text: string, ended = true) => splitParagraphs(text, { ended, policy: small });
const repeated = (part: string, times: number) => Array.from({ length: times }, () => part).join(' ');

describe('a paragraph', () => {
  it('ends with the first sentence that is over after enough words', () => {
    expect(split('I woke up. It was early. The sun shone bright. I got up')).toEqual([
      'I woke up. It was early.',
      'The sun shone bright.',
      'I got up',
    ]);
  });

  it('ends at the last comma where no sentence ends in time', () => {
    expect(split('one two three four, five six, seven eight nine ten')).toEqual([
      'one two three four, five six,',
      'seven eight nine ten',
    ]);
  });

  it('ends between words where nothing is punctuated', () => {
    expect(split('042 913 007 118 552 640 233 871 094 415')).toEqual([
      '042 913 007 118 552 640 233 871',
      '094 415',
    ]);
  });

  it('ends inside a word only where there is no other end', () => {
    expect(split('a'.repeat(200)).map((paragraph) => paragraph.length)).toEqual([192, 8]);
  });

  it('of Chinese is measured in characters and keeps its closing marks', () => {
    expect(split('他说：“我今天很开心！”然后我们去公园散步，看到很多花和树还有小鸟和人')).toEqual([
      '他说：“我今天很开心！”',
      '然后我们去公园散步，',
      '看到很多花和树还有小鸟和人',
    ]);
    expect(split('今天我和妈妈去公园散步看到很多花和树')).toEqual([
      '今天我和妈妈去公园散步看到很多花',
      '和树',
    ]);
  });

  it.each([
    'We paid 3.50 at the shop down there',
    'I saw old Dr. Miller at the shop',
    'They flew to the U.S.A together last May',
    'It was ok (it rained.) so we left',
  ])('does not end at a full stop that ends no sentence: %s', (text) => {
    expect(split(text).filter((paragraph) => /(3\.|Dr\.|U\.|S\.)$/.test(paragraph))).toEqual([]);
  });

  it('is not cut from a quotation’s end', () => {
    expect(split('She said "we are late again." Then we all ran')).toEqual([
      'She said "we are late again."',
      'Then we all ran',
    ]);
  });

  it('ends before a word that alone is too long for it', () => {
    const endless = 'a'.repeat(30);
    const seven = 'one two three four five six seven';
    expect(split(`${seven} ${endless}`)).toEqual([seven, endless]);
    expect(split(`今天我和妈妈去公园散步看到${endless}`)).toEqual(['今天我和妈妈去公园散步看到', endless]);
    expect(split(`one two three four five six 树${endless}`)).toEqual([
      'one two three four five six 树',
      endless,
    ]);
  });

  it('does not end behind a mark that opens', () => {
    const eight = 'one two three four five six seven eight';
    expect(split(`${eight} ( nine ten)`)).toEqual([eight, '( nine ten)']);
    expect(split(`${eight} (  nine ten)`)).toEqual([eight, '(  nine ten)']);
  });

  it.each([
    'We all paid just 3.50 there and left',
    'She said "hello to them" and then left',
    '去。我今天去公园看花树',
  ])('goes on to the end of its own sentence: %s', (text) => {
    expect(split(text)).toEqual([text]);
  });

  it('counts a word with a mark in it once', () => {
    expect(split(repeated("don't", 9))).toEqual([repeated("don't", 8), "don't"]);
  });

  it('has no spaces at its ends', () => {
    expect(split('\n I woke up. \n')).toEqual(['I woke up.']);
    expect(
      splitParagraphs('今天我去公园看 herons', {
        ended: true,
        policy: { minWords: 4, maxWords: 4, charactersPerWord: 2 },
      }),
    ).toEqual(['今天我去公园看', 'herons']);
  });

  it('has 40 to 70 words, or 72 to 126 characters, by default', () => {
    const sentence = 'I walked down to the river again.';
    const words = splitParagraphs(repeated(sentence, 40), { ended: false }).map((p) => p.split(' ').length);
    expect(words).toEqual([42, 42, 42, 42, 42, 42]);
    expect(splitParagraphs('树'.repeat(150), { ended: false }).map((p) => p.length)).toEqual([126]);
    expect(splitParagraphs('我去公园看树。'.repeat(40), { ended: false })[0]).toHaveLength(84);
    expect(splitParagraphs(repeated('042', 150), { ended: false }).map((p) => p.split(' ').length)).toEqual([
      70, 70,
    ]);
  });
});

describe('text that is still being spoken', () => {
  it('gives a paragraph when what follows it has begun', () => {
    expect(split('I woke up very early.', false)).toEqual([]);
    expect(split('I woke up very early. T', false)).toEqual(['I woke up very early.']);
    expect(split('I woke up very early.', true)).toEqual(['I woke up very early.']);
  });

  it('gives it at a space already, be it the first or the second', () => {
    expect(split('I woke up very early. ', false)).toEqual(['I woke up very early.']);
    expect(split('I woke up very early. I then got up again. ', false)).toEqual([
      'I woke up very early.',
      'I then got up again.',
    ]);
  });

  it('waits for the other half of a character, and leaves whole ones alone', () => {
    expect(split('今天我去公园看树。\uD842', false)).toEqual([]);
    expect(split('今天我去公园看𠮷。\uD842\uDFB7', false)).toEqual(['今天我去公园看𠮷。']);
  });

  it('of nothing has no paragraphs', () => {
    expect(split('', true)).toEqual([]);
    expect(split(' \n\u3000 ', true)).toEqual([]);
    expect(split('', false)).toEqual([]);
  });
});

describe('a policy', () => {
  const following = (minWords: number, maxWords: number, charactersPerWord: number) =>
    splitParagraphs('a b', { ended: true, policy: { minWords, maxWords, charactersPerWord } });

  it.each([
    [10, 5, 2],
    [0.9, 5, 2],
    [1, 5, 0.9],
    [Number.NaN, 5, 2],
  ])('that no paragraph can follow is refused: %d to %d words, %d characters each', (...policy) => {
    expect(() => following(...policy)).toThrow(
      new RangeError('a paragraph needs 1 <= minWords <= maxWords, and characters of at most a word each'),
    );
  });

  it('may ask for paragraphs of one word, and for characters of a word each', () => {
    expect(following(1, 1, 1)).toEqual(['a', 'b']);
    expect(following(1, 5, 1)).toEqual(['a b']);
  });
});

const piece = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom('heron', 'I', '042', 'Dr.', 'naïve', 'e\u0301t\u0301', '3.14', 'don’t'),
  },
  { weight: 5, arbitrary: fc.constantFrom('今天', '公园', '我', '花。', '好！', '吗？”', 'です', '，') },
  {
    weight: 4,
    arbitrary: fc.constantFrom(' ', ' ', '. ', ', ', '… ', '?! ', '\n', '\u3000', ' — ', '."', ' ('),
  },
  { weight: 1, arbitrary: fc.constantFrom('👩‍👩‍👧', '𠮷', 'x'.repeat(90), '...', '\uD842') },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
);
const spokenText = fc.array(piece, { maxLength: 120 }).map((pieces) => pieces.join(''));
const bare = (text: string) => text.replace(/\s+/g, '');

describe('whatever is said', () => {
  it('more text never changes a paragraph that was given', () => {
    fc.assert(
      fc.property(spokenText, fc.nat(), fc.boolean(), (text, cut, ended) => {
        const sofar = split(text.slice(0, cut % (text.length + 1)), false);
        expect(split(text, ended).slice(0, sofar.length)).toEqual(sofar);
      }),
      { numRuns: 2_000 },
    );
  });

  it('the paragraphs are the text, none of them empty', () => {
    fc.assert(
      fc.property(spokenText, (text) => {
        const paragraphs = split(text);
        expect(bare(paragraphs.join(''))).toBe(bare(text));
        expect(paragraphs.filter((paragraph) => paragraph.trim() === '')).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('only the last one may be short, and none is long', () => {
    const word = fc.constantFrom('heron', 'so', '042', 'river.', 'then,', 'yes!');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 100 }), (words) => {
        const lengths = split(words.join(' ')).map((paragraph) => paragraph.split(' ').length);
        expect(lengths.slice(0, -1).filter((length) => length < 4)).toEqual([]);
        expect(lengths.filter((length) => length > 8)).toEqual([]);
      }),
    );
  });
});
