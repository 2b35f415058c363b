import { expect, it } from '@jest/globals';
import { wordStem } from './word-stem.ts';

it.each([
  'walk walks walked walking',
  'stop stops stopped stopping',
  'hope hopes hoped hoping',
  'happy happily happiness',
  'try tries tried trying',
  'watch watches watched watching',
  'call calls called calling',
  'go goes went gone going',
  'see saw seen seeing sees',
  'child children',
  'heron herons heron’s',
  'kiss kissed kissing',
])('%s are one word', (family) => {
  expect(new Set(family.replaceAll('’', "'").split(' ').map(wordStem)).size).toBe(1);
});

it.each([
  ["o'shea", "o'shea"],
  ["dogs'", 'dog'],
  ["dog's", 'dog'],
  ['kiss', 'kis'],
  ['grass', 'gras'],
])('of %s is left %s', (word, stem) => {
  expect(wordStem(word)).toBe(stem);
});

it.each(['maria marta', 'house horse', 'river rise', 'happy harp', 'bus bush', 'son sun', 'tea team'])(
  '%s are two',
  (pair) => {
    expect(new Set(pair.split(' ').map(wordStem)).size).toBe(2);
  },
);
