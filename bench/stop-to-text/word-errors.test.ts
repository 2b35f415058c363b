import { expect, it } from '@jest/globals';
import { sum, wordErrors } from './word-errors.ts';

const errors = (said: string, heard: string) => wordErrors(said.split(' '), heard.split(' '));

it('finds nothing where there is nothing', () => {
  expect(errors('001 002 003', '001 002 003')).toEqual({ lost: 0, doubled: 0, wrong: 0 });
});

it('tells a lost word from a doubled and a wrong one', () => {
  expect(errors('001 002 003', '001 003')).toEqual({ lost: 1, doubled: 0, wrong: 0 });
  expect(errors('001 002 003', '001 002 002 003')).toEqual({ lost: 0, doubled: 1, wrong: 0 });
  expect(errors('001 002 003', '001 902 003')).toEqual({ lost: 0, doubled: 0, wrong: 1 });
  expect(errors('001 002', '001 002 777')).toEqual({ lost: 0, doubled: 0, wrong: 1 });
});

it('counts every word of a recording that was not heard at all', () => {
  expect(wordErrors(['001', '002'], [])).toEqual({ lost: 2, doubled: 0, wrong: 0 });
});

it('adds them up', () => {
  const one = { lost: 1, doubled: 2, wrong: 3 };
  expect(sum([one, one])).toEqual({ lost: 2, doubled: 4, wrong: 6 });
});
