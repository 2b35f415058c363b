import { describe, expect, it } from '@jest/globals';
import { joined, normalised, placeAfter, tokensOf } from './text-tokens.ts';

describe('what is compared of a word', () => {
  it('is its letters in lower case, digits and marks on letters, without punctuation', () => {
    expect(normalised('“O’Clock,”')).toBe('oclock');
    expect(normalised('1,000.')).toBe('1000');
    expect(normalised('हिन्दी।')).toBe('हिन्दी');
    expect(normalised('…')).toBe('');
  });

  it('is the same for letters of another width or joined ones', () => {
    expect(normalised('ＡＢ１')).toBe('ab1');
    expect(normalised('ﬁn')).toBe('fin');
  });
});

describe('a text cut after a word', () => {
  const cutAfter = (text: string, index: number) => text.slice(0, placeAfter(text, tokensOf(text), index));

  it('keeps the punctuation up to the next space', () => {
    expect(cutAfter('Well, (then) go', 0)).toBe('Well,');
    expect(cutAfter('Well, (then) go', 1)).toBe('Well, (then)');
    expect(cutAfter('one (two)', 0)).toBe('one');
  });

  it('leaves what opens to the next word where no space is between them', () => {
    expect(cutAfter('one—“two”', 0)).toBe('one—');
    expect(cutAfter('今天。（好）', 1)).toBe('今天。');
  });

  it('is all of it after the last word, and nothing that belongs to the first one before that', () => {
    expect(cutAfter('Go on …!', 1)).toBe('Go on …!');
    expect(cutAfter('“One', -1)).toBe('');
  });
});

describe('one text after another', () => {
  it('has one space between them, and those outside are as they were', () => {
    expect(joined(' a  ', '  b ')).toBe(' a b ');
  });

  it('is the one when the other is empty', () => {
    expect(joined('a', ' ')).toBe('a');
    expect(joined(' ', 'b')).toBe('b');
    expect(joined('', '')).toBe('');
  });

  it('has no space only where both scripts have none', () => {
    expect(joined('今天', '好')).toBe('今天好');
    expect(joined('好。', '「去')).toBe('好。「去');
    expect(joined('今天', 'today')).toBe('今天 today');
    expect(joined('today', '今天')).toBe('today 今天');
  });
});
