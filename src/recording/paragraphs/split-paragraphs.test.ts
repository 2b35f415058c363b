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

  it('of nothing has no paragraphs', () => {
    expect(split('', true)).toEqual([]);
    expect(split(' \n\u3000 ', true)).toEqual([]);
    expect(split('', false)).toEqual([]);
  });
});

it('a policy that no paragraph can follow is refused', () => {
  const policy = { minWords: 10, maxWords: 5, charactersPerWord: 2 };
  expect(() => splitParagraphs('x', { ended: true, policy })).toThrow(RangeError);
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
