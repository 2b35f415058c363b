import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { numberAt } from './number-at.ts';

const read = (text: string) => {
  const words = text.split(' ');
  const numbers: string[] = [];
  for (let at = 0; at < words.length; ) {
    const number = numberAt(words, at);
    if (number !== undefined) numbers.push(number.digits);
    at += number?.length ?? 1;
  }
  return numbers;
};

describe('a number', () => {
  it.each<[string, string[]]>([
    ['seven herons', ['7']],
    ['twenty five', ['25']],
    ['twenty fifth of may', ['25']],
    ['two hundred and five steps', ['205']],
    ['a hundred people', ['100']],
    ['three thousand four hundred', ['3400']],
    ['one hundred twenty thousand and six', ['120006']],
    ['two million', ['2000000']],
    ['one point two five', ['1.25']],
    ['point taken', []],
    ['nineteen eighty four', ['19', '84']],
    ['five five five one', ['5', '5', '5', '1']],
    ['twenty and thirty', ['20', '30']],
    ['042 913', ['042', '913']],
    ['1,200 euros', ['1200']],
    ['3,5 metres', ['3.5']],
    ['2.5 million', ['2500000']],
    ['二百零五', ['205']],
    ['两千零二十四', ['2024']],
    ['二零二四', ['2024']],
    ['十二', ['12']],
    ['三万五千', ['35000']],
    ['一亿二千万', ['120000000']],
    ['a5 5a', []],
    ['1,200,300', ['1200300']],
    ['1,2000', ['1.2000']],
    ['twenty eleven', ['20', '11']],
    ['twenty nine', ['29']],
    ['twenty zero', ['20', '0']],
    ['one point zero five', ['1.05']],
    ['one point nine', ['1.9']],
    ['one point ten', ['1', '10']],
    ['二亿', ['200000000']],
    ['亿', ['100000000']],
    ['万', ['10000']],
    ['一万亿', ['1000000000000']],
    ['一万二千亿', ['1200000000000']],
    ['nothing here and a hundredfold', []],
    ['', []],
  ])('in “%s”', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['one', 'first', 'second', '一'])('that may count nothing is vague: %s', (word) => {
    expect(numberAt([word], 0)?.vague).toBe(true);
  });

  it.each<[string, string, number]>([
    ['2.5 million', '2500000', 2],
    ['one hundred', '100', 2],
    ['one point five', '1.5', 3],
    ['second hundred', '200', 2],
    ['7', '7', 1],
    ['two thousand and herons', '2000', 2],
    ['two thousand and six herons', '2006', 4],
    ['two hundred and herons', '200', 2],
    ['twenty eleven', '20', 1],
  ])('in “%s” is %s, counts, and takes its own words only', (text, digits, length) => {
    expect(numberAt(text.split(' '), 0)).toEqual({ digits, length, vague: false });
  });

  it('always takes a word, and gives digits, whatever the words', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'one',
        'twenty',
        'hundred',
        'thousand',
        'billion',
        'and',
        'point',
        '7',
        '1,000',
        '万亿',
        '十',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 12 }), (words) => {
        const number = numberAt(words, 0);
        if (number === undefined) return;
        expect(number.length).toBeGreaterThanOrEqual(1);
        expect(number.length).toBeLessThanOrEqual(words.length);
        expect(number.digits).not.toMatch(/NaN|undefined|^$/);
      }),
    );
  });
});
