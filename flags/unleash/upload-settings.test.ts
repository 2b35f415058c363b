import { expect, it } from '@jest/globals';
import { readSettings } from './upload-settings.ts';

it.each([
  ['{"chunkSeconds":1,"concurrency":1}', { chunkSeconds: 1, concurrency: 1 }],
  ['{"chunkSeconds":60,"concurrency":8}', { chunkSeconds: 60, concurrency: 8 }],
  ['{"chunkSeconds":2.5,"concurrency":2,"note":"slow"}', { chunkSeconds: 2.5, concurrency: 2 }],
  ['{"chunkSeconds":0.5,"concurrency":2}', null],
  ['{"chunkSeconds":61,"concurrency":2}', null],
  ['{"chunkSeconds":5,"concurrency":9}', null],
  ['{"chunkSeconds":5,"concurrency":1.5}', null],
  ['{"chunkSeconds":"5","concurrency":2}', null],
  ['{"chunkSeconds":5}', null],
  ['{"chunkSeconds":5,', null],
  ['null', null],
  ['', null],
])('reads %s as %j', (value, settings) => {
  expect(readSettings({ value })).toEqual(settings);
});

it('reads nothing as nothing', () => {
  expect(readSettings(undefined)).toBeNull();
});
