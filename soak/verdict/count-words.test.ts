import { describe, expect, it } from '@jest/globals';
import { countCutOff, countWords, isRight, NO_WORD_WRONG, sumOf } from './count-words.ts';

const said = ['001', '002', '003', '004'];

describe('words', () => {
  it.each([
    ['all right', ['001', '002', '003', '004'], NO_WORD_WRONG],
    ['one lost', ['001', '002', '004'], { ...NO_WORD_WRONG, lost: 1 }],
    ['one doubled', ['001', '002', '002', '003', '004'], { ...NO_WORD_WRONG, doubled: 1 }],
    ['one reordered', ['001', '003', '002', '004'], { ...NO_WORD_WRONG, reordered: 1 }],
    ['one misheard', ['001', '002', '003', '944'], { ...NO_WORD_WRONG, lost: 1, foreign: 1 }],
    ['nothing read', [], { ...NO_WORD_WRONG, lost: 4 }],
  ])('%s', (_, read, count) => {
    expect(countWords(said, read)).toEqual(count);
  });

  it('of a recording that was cut off must hold what was kept, and may hold what was being written', () => {
    expect(countCutOff(said, 2, ['001', '002'])).toEqual(NO_WORD_WRONG);
    expect(countCutOff(said, 2, ['001', '002', '003'])).toEqual(NO_WORD_WRONG);
    expect(countCutOff(said, 2, ['001'])).toEqual({ ...NO_WORD_WRONG, lost: 1 });
    expect(countCutOff(said, 2, ['001', '002', '004'])).toEqual({ ...NO_WORD_WRONG, lost: 1 });
  });

  it('are summed over recordings', () => {
    const sum = sumOf([countWords(said, ['001']), countWords(said, ['002', '001', '003', '004', '004'])]);
    expect(sum).toEqual({ lost: 3, doubled: 1, reordered: 1, foreign: 0 });
    expect(isRight(sum)).toBe(false);
    expect(isRight(sumOf([]))).toBe(true);
  });
});
