import { describe, expect, it } from '@jest/globals';
import type { Content, Unit, UnitKind } from './content-units.ts';
import { keysOf, lostUnits } from './lost-units.ts';

const KINDS: readonly (readonly [RegExp, UnitKind])[] = [
  [/^#/, 'number'],
  [/^(?:not|不|没)$/, 'negation'],
  [/^the$/, 'grammar'],
  [/^\p{Script=Han}$/u, 'character'],
  [/^\p{Lu}/u, 'name'],
];

/** `river Anna #5 not the 花`: the kinds are seen. `|` takes back what stands before it, `|no` is a bare one. */
function content(text: string): Content {
  const units: Unit[] = [];
  const corrections: Content['corrections'][number][] = [];
  for (const word of text.split(' ').filter((each) => each !== '')) {
    if (word.startsWith('|')) corrections.push({ at: units.length, bare: word === '|no' });
    else {
      const kind = KINDS.find(([pattern]) => pattern.test(word))?.[1] ?? 'word';
      units.push({ kind, key: word, text: word, sentence: 0, leads: false, vague: false });
    }
  }
  return { units, corrections };
}

/** `word@place/gap` of what is lost of either. */
function lost(said: string, wrote: string, given: readonly string[] = []): [string, string] {
  const { ofA, ofB } = lostUnits(content(said), content(wrote), new Set(given));
  const told = (units: typeof ofA) => units.map(({ unit, at, gap }) => `${unit.key}@${at}/${gap}`).join(' ');
  return [told(ofA), told(ofB)];
}

describe('the pieces of a text', () => {
  it.each([
    ['river heron', ['river', 'heron']],
    ['去 来 看', ['去来', '来看']],
    ['去 不 来', ['去不', '不来']],
    ['去 not', ['去', 'not']],
    ['去 river 来', ['去', 'river', '来']],
    ['去 来 river', ['去来', 'river']],
    ['', []],
  ])('of “%s” are its words, and neighbouring characters in pairs', (text, keys) => {
    expect(keysOf(content(text))).toEqual(keys);
  });
});

describe('what is lost', () => {
  it.each([
    ['nothing, of the same', 'river heron', 'river heron', '', ''],
    ['a word, with its place and its gap', 'river heron tree', 'river tree', 'heron@1/1', ''],
    ['a word for one with the same ending', 'river bat tree', 'river cat tree', 'bat@1/1', 'cat@1/1'],
    ['a number for another', 'river #5 tree', 'river #6 tree', '#5@1/1', '#6@1/1'],
    ['the one character that was exchanged', '去 公 园 看 树', '去 公 园 看 花', '树@4/3', '花@4/3'],
  ])('is %s', (_, said, wrote, ofSaid, ofWrote) => {
    expect(lost(said, wrote)).toEqual([ofSaid, ofWrote]);
  });

  it('is not what was given besides, but only of what was written', () => {
    expect(lost('river', 'river heron tree', ['heron'])).toEqual(['', 'tree@2/1']);
    expect(lost('river heron', 'river', ['heron'])).toEqual(['heron@1/1', '']);
  });

  it.each([
    ['#19 #84', '#1984', '', ''],
    ['#12 #50', '#12.50', '', ''],
    ['river #19 #84 tree', 'river #1984 tree', '', ''],
    ['#7 #19 #84', '#7 #1984', '', ''],
    ['#19 river #84', 'river #1984', '#19@0/0 #84@2/1', '#1984@1/1'],
    ['#19 #84', '#1985', '#19@0/0 #84@1/0', '#1985@0/0'],
  ])('is no number whose digits are split otherwise at the same place: %s, %s', (said, wrote, ...both) => {
    expect(lost(said, wrote)).toEqual(both);
  });
});

describe('what moved', () => {
  const words = (count: number) => 'abcdefghij'.slice(0, count).split('').join(' ');

  it('over seven units is still there, over eight it is lost', () => {
    expect(lost(`heron ${words(7)}`, `${words(7)} heron`)).toEqual(['', '']);
    expect(lost(`heron ${words(8)}`, `${words(8)} heron`)).toEqual(['heron@0/0', 'heron@8/8']);
    expect(lost(`${words(7)} heron`, `heron ${words(7)}`)).toEqual(['', '']);
    expect(lost(`${words(8)} heron`, `heron ${words(8)}`)).toEqual(['heron@8/8', 'heron@0/0']);
  });
  it('and is a number, is there over one unit only', () => {
    expect(lost('#5 a b', 'a #5 b')).toEqual(['', '']);
    expect(lost('#5 a b c', 'a b #5 c')).toEqual(['#5@0/0', '#5@2/2']);
  });
  it('and is a negation, is lost', () => {
    expect(lost('not a b c', 'a b not c')).toEqual(['not@0/0', 'not@2/2']);
  });
  it('and is a pair of characters, is there when it is near', () => {
    expect(lost('天 地 山 水', '山 水 天 地')).toEqual(['', '']);
  });
  it('is found beside its like when that has a partner, too, unless it counts or negates', () => {
    expect(lost('the', 'the the river')).toEqual(['', 'river@2/1']);
    expect(lost('heron', 'heron tree heron')).toEqual(['', 'tree@1/1']);
    expect(lost('not go', 'not not river go')).toEqual(['', 'not@1/1 river@2/1']);
    expect(lost('#5 heron', '#5 heron #5')).toEqual(['', '#5@2/2']);
    expect(lost('#5 heron #5', '#5 heron')).toEqual(['#5@2/2', '']);
  });
});

describe('what was said twice in a row', () => {
  it.each([
    ['at the end', '#50', '#50 #50'],
    ['at the beginning', '#50 river', '#50 #50 river'],
    ['in several words', 'pay #50 river', 'pay #50 pay #50 river'],
    ['in several words, at the end', 'river pay #50', 'river pay #50 pay #50'],
  ])('is not lost %s', (_, once, twice) => {
    expect(lost(once, twice)).toEqual(['', '']);
    expect(lost(twice, once)).toEqual(['', '']);
  });
  it('is lost when another number stands in the second', () => {
    expect(lost('pay #50 river', 'pay #50 pay #60 river')).toEqual(['', '#60@3/2']);
  });
});

describe('what the speaker took back', () => {
  it.each([
    ['a word just before', 'river | tree', 'tree', ''],
    ['a word with nothing in its place', 'river |', '', ''],
    [
      'a word four units before, but not one five before',
      'river a b c d | tree',
      'a b c d tree',
      'river@0/0',
    ],
    ['a word exactly four units before', 'river a b c | tree', 'a b c tree', ''],
    ['not what stands right behind', '| river tree', 'tree', 'river@0/0'],
    ['no word, by a bare “no”', 'river |no tree', 'tree', 'river@0/0'],
    ['no negation', 'not river | tree', 'tree', 'not@0/0'],
    ['a number for another', '#5 | #6', '#6', ''],
    ['a number for another, by a bare “no”', '#5 |no #6', '#6', ''],
    ['a name for another', 'Anna | Ben', 'Ben', ''],
    ['no number for a word', '#5 | river', 'river', '#5@0/0'],
    ['no name for a word', 'Anna | river', 'river', 'Anna@0/0'],
    ['no number for a name', '#5 | Ben', 'Ben', '#5@0/0'],
    ['no number for one that is lost itself', '#5 | #6', '', '#5@0/0 #6@1/0'],
    ['a number for one some words on', '#5 | river #6', 'river #6', ''],
    ['a number for the fourth unit after', '#5 | a b c #6', 'a b c #6', ''],
    ['no number for the fifth unit after', '#5 | a b c d #6', 'a b c d #6', '#5@0/0'],
    ['no number for one that stood before it', '#6 #5 | river', '#6 river', '#5@1/1'],
  ])('is %s', (_, said, wrote, ofSaid) => {
    expect(lost(said, wrote)).toEqual([ofSaid, '']);
  });
});
