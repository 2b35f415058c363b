import { expect, it } from '@jest/globals';
import { countLater } from './later.ts';

it('counts when somebody looks, each once and in order', () => {
  const later = countLater();
  const counted: string[] = [];
  later(() => counted.push('first'));
  later(() => counted.push('second'));
  expect(counted).toEqual([]);
  later.settle();
  later.settle();
  expect(counted).toEqual(['first', 'second']);
});

it('does not wait for a look once five hundred have gathered', () => {
  const later = countLater();
  let counted = 0;
  const count = () => void counted++;
  for (let n = 0; n < 499; n++) later(count);
  expect(counted).toBe(0);
  later(count);
  expect(counted).toBe(500);
});
