import { describe, expect, it } from '@jest/globals';
import { alignOverlap, type Scores } from './align-overlap.ts';

const tokens = (words: string) =>
  words
    .split(' ')
    .filter(Boolean)
    .map((norm) => ({ norm, start: 0, end: 0, startMs: 0, endMs: 0, isCharacter: false }));

/** Neither goes on where the other one did not hear; only equal words are a pair. */
const WITHIN: Scores = {
  pair: (left, right) => (left.norm === right.norm ? 1 : null),
  alone: -0.5,
  isBefore: () => false,
  isAfter: () => false,
};
/** Each step as `kind left right`. */
const aligned = (left: string, right: string, scores: Partial<Scores> = {}) =>
  alignOverlap(tokens(left), tokens(right), { ...WITHIN, ...scores }).map(
    (step) => `${step.kind} ${step.left} ${step.right}`,
  );

describe('an alignment', () => {
  it('of equal words has a match for each', () => {
    expect(aligned('a b', 'a b')).toEqual(['match 0 0', 'match 1 1']);
    expect(aligned('', '')).toEqual([]);
  });

  it('has the words that one side heard alone, wherever they are', () => {
    expect(aligned('x a', 'a')).toEqual(['left 0 0', 'match 1 0']);
    expect(aligned('a', 'x a')).toEqual(['right 0 0', 'match 0 1']);
    expect(aligned('a x b', 'a b')).toEqual(['match 0 0', 'left 1 1', 'match 2 1']);
    expect(aligned('a b', 'a x b')).toEqual(['match 0 0', 'right 1 1', 'match 1 2']);
    expect(aligned('a x', 'a')).toEqual(['match 0 0', 'left 1 1']);
    expect(aligned('a', 'a x')).toEqual(['match 0 0', 'right 1 1']);
  });

  it('of two equal words with one takes the last one', () => {
    expect(aligned('a b a', 'a')).toEqual(['left 0 0', 'left 1 0', 'match 2 0']);
  });

  it('has two words alone where they are no pair', () => {
    expect(aligned('x', 'y')).toEqual(['right 0 0', 'left 0 1']);
  });

  it('has a pair of different words where it scores as much as both alone', () => {
    expect(aligned('x', 'y', { pair: () => -1 })).toEqual(['differ 0 0']);
    expect(aligned('x', 'y', { pair: () => -1.25 })).toEqual(['right 0 0', 'left 0 1']);
  });
});

describe('the edges of an alignment', () => {
  it('begin after what the left one says before all that the right one hears', () => {
    expect(aligned('x a', 'a', { isBefore: ({ norm }) => norm === 'x' })).toEqual(['match 1 0']);
    expect(aligned('x y a', 'a', { isBefore: ({ norm }) => norm === 'x' })).toEqual([
      'left 1 0',
      'match 2 0',
    ]);
  });

  it('end before what the right one says after all that the left one hears', () => {
    expect(aligned('a', 'a x', { isAfter: ({ norm }) => norm === 'x' })).toEqual(['match 0 0']);
    expect(aligned('a', 'a x y', { isAfter: ({ norm }) => norm === 'x' })).toEqual([
      'match 0 0',
      'right 1 1',
      'right 1 2',
    ]);
  });

  it('meet nowhere when nothing agrees', () => {
    expect(aligned('x', 'y', { isBefore: () => true, isAfter: () => true })).toEqual([]);
  });
});
