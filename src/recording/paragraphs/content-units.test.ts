import { describe, expect, it } from '@jest/globals';
import { contentOf } from './content-units.ts';

/** `kind:key` of each unit, and where something was taken back. */
function told(text: string, options?: Parameters<typeof contentOf>[1]): [string, string] {
  const { units, corrections } = contentOf(text, options);
  return [
    units.map(({ kind, key }) => `${kind}:${key}`).join(' '),
    corrections.map(({ at, bare }) => `${at}${bare ? ' bare' : ''}`).join(', '),
  ];
}

describe('what a text says', () => {
  it.each([
    ['we met Anna near the rivers', 'word:meet name:anna word:near word:river'],
    ['a b cd', 'word:cd'],
    ['iPhone and Mac', 'word:iphon name:mac'],
    ['my iPhone rang', 'word:iphon word:rang'],
    ["we met O'Brien", "word:meet name:o'brien"],
    ["rock an' roll", 'word:rock word:rol'],
    ['twenty three herons', 'number:#23 word:heron'],
    ['', ''],
  ])('%j: names, numbers and words, without grammar', (text, units) => {
    expect(told(text)).toEqual([units, '']);
  });

  it('has grammar, too, where it is asked for', () => {
    expect(told('we met her', { grammar: true })[0]).toBe('grammar:we word:meet grammar:her');
  });

  it.each([
    ['we dunno', 'grammar:we grammar:do negation:not word:know'],
    ["I can't", 'grammar:i grammar:can negation:not'],
    ["I won't", 'grammar:i grammar:will negation:not'],
    ["I don't", 'grammar:i grammar:do negation:not'],
    ["5 o'clock", 'number:#5 grammar:oclock'],
  ])('%j: the grammar in what was drawn together is there, too', (text, units) => {
    expect(told(text, { grammar: true })[0]).toBe(units);
  });

  it.each([
    ['We met Anna. Ben saw Anna', 'word:meet name:anna word:ben word:see name:anna'],
    ['Is it Anna? Ben came! Tom\nJune', 'name:anna word:ben word:com word:tom word:jun'],
    ['we said "Anna came" (Ben left)', 'word:say word:anna word:com word:ben word:leav'],
    ['then … Anna came .. Ben', 'word:anna word:com word:ben'],
    ['and then, Anna came', 'name:anna word:com'],
    ['go on: Anna; at 10:30', 'word:go word:anna number:#10 number:#30'],
    ['WE MET ANNA', 'word:meet word:anna'],
  ])('%j: a capital tells a name only where none has to stand', (text, units) => {
    expect(told(text)[0]).toBe(units);
  });

  it.each([
    ["we dunno Anna, don't go", 'negation:not word:know name:anna negation:not word:go'],
    ['we gonna leave', 'word:go word:leav'],
    ["I can't go, he won't", 'negation:not word:go negation:not'],
    ["she's leaving, we're late, the dogs' bowl", 'word:leav word:lat word:dog word:bowl'],
    ['don’t go, he won‘t, weʼre', 'negation:not word:go negation:not'],
    ["we'll, I'd, I've", ''],
  ])('%j: what was drawn together is taken apart', (text, units) => {
    expect(told(text)[0]).toBe(units);
  });

  it.each([
    ['it cost $3.50', 'word:cost number:#3 word:dollar number:#50 word:cent'],
    ['it cost £1,200', 'word:cost number:#1200 word:pound'],
    ['it cost €5.123', 'word:cost number:#5 word:euro number:#123'],
    ['20% of them at 30° & rain', 'number:#20 word:percent number:#30 word:degr word:rain'],
    ['half past nine, a quarter past two', 'number:#9 number:#30 number:#2 number:#15'],
    ['at 5 p.m. and 5 o’clock', 'number:#5 word:pm number:#5'],
    ['at 10:00 sharp', 'number:#10 word:sharp'],
    ['then Dr. Brown left', 'name:dr name:brown word:leav'],
    ['百分之二十五, 百分之20', 'number:#25 word:percent number:#20 word:percent'],
    ['昨天晚上', 'character:昨 character:晚'],
  ])('%j: signs and ways of writing are read as words', (text, units) => {
    expect(told(text)[0]).toBe(units);
  });

  it('keeps a number as it was written', () => {
    const [number] = contentOf('we saw twenty three herons').units.filter(({ kind }) => kind === 'number');
    expect(number).toMatchObject({ key: '#23', text: 'twenty three', sentence: 0, leads: false });
  });

  it('counts sentences, and knows which word leads one', () => {
    const { units } = contentOf('Rivers rise. Herons fly over water');
    expect(units.map(({ key, sentence, leads }) => [key, sentence, leads])).toEqual([
      ['river', 0, true],
      ['ris', 0, false],
      ['heron', 1, true],
      ['fly', 1, false],
      ['water', 1, false],
    ]);
  });

  it.each([
    ['no money', 'negation:not word:money', ''],
    ['no', '', '0 bare'],
    ['no, we left', 'word:leav', '0 bare'],
    ['no. we left', 'word:leav', '0 bare'],
    ['no… we left', 'word:leav', '0 bare'],
    ['no .. we left', 'word:leav', '0 bare'],
    ['no "we left"', 'negation:not word:leav', ''],
    ['no no we left', 'negation:not word:leav', '0 bare'],
    ['three no', 'number:#3', '1 bare'],
    ['two no three apples', 'number:#2 number:#3 word:appl', '1 bare'],
    ['nine, no, ten', 'number:#9 number:#10', '1 bare'],
    ['apples no pears', 'word:appl negation:not word:pear', ''],
    ['two no pears', 'number:#2 negation:not word:pear', ''],
    ['apples no two', 'word:appl negation:not number:#2', ''],
  ])('%j: a bare “no” takes back, beside a noun it takes away', (text, units, corrections) => {
    expect(told(text)).toEqual([units, corrections]);
  });

  it.each([
    ['we saw Anna, I mean Ben', 'word:see name:anna name:ben', '2'],
    ['apples, I, mean, pears', 'word:appl word:pear', '1'],
    ['I mean it', '', '0'],
    ['we mean it', 'word:mean', ''],
    ['kind of blue, you, know', 'word:blu', ''],
    ['kind people', 'word:kind word:person', ''],
    [
      '我去北京,不对,去上海',
      'character:去 character:北 character:京 character:去 character:上 character:海',
      '3',
    ],
    ['那个我不去', 'negation:不 character:去', ''],
  ])('%j: phrases that fill are left out, those that take back are told', (text, units, corrections) => {
    expect(told(text)).toEqual([units, corrections]);
  });
});
