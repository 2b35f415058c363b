import { expect, it } from '@jest/globals';
import { streamPlaces } from './stream-places.ts';

it('one caller has so many streams, and all together so many, until they are given back', () => {
  const places = streamPlaces({ perNode: 3, perCaller: 2 });
  const giveBack = [places.take('a'), places.take('a')];
  expect(() => places.take('a')).toThrow(expect.objectContaining({ status: 429, code: 'too_many_streams' }));
  places.take('b');
  expect(() => places.take('c')).toThrow(expect.objectContaining({ status: 503, code: 'too_many_streams' }));
  giveBack[0]?.();
  giveBack[0]?.(); // once is all it was taken
  places.take('c');
  expect(() => places.take('d')).toThrow(expect.objectContaining({ headers: { 'Retry-After': '5' } }));
});
