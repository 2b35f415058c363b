import { expect, it } from '@jest/globals';
import { soundMeter } from './sound-ms.ts';

/** Two seconds of speech and one of a pause, again and again. */
const levels = (seconds: number) =>
  Array.from({ length: seconds * 10 }, (_, tenth) =>
    tenth % 30 < 20 ? -25 - (tenth % 5) : -60 - (tenth % 3),
  );
const chunk = (seconds: number, of: readonly number[]) => ({ startMs: 0, endMs: seconds * 1000, levels: of });

it('is what does not pause', () => {
  expect(soundMeter([chunk(30, levels(30))])(9_000, 21_000)).toBe(8_000);
});
it('counts each tenth that the times touch', () => {
  const sound = soundMeter([chunk(30, levels(30))]);
  expect(sound(9_000, 9_500)).toBe(500);
  expect(sound(9_050, 9_450)).toBe(500);
  expect(sound(10_900, 12_100)).toBe(200);
});
it('is known where four fifths of the tenths are', () => {
  const sound = soundMeter([chunk(30, levels(30))]);
  expect(sound(22_000, 32_000)).toBe(5_000);
  expect(sound(22_100, 32_100)).toBeUndefined();
  expect(sound(25_000, 35_000)).toBeUndefined();
});
it('is not known of no time at all', () => {
  expect(soundMeter([chunk(30, levels(30))])(9_000, 9_000)).toBeUndefined();
});
it('is not known without levels, of levels that tell nothing, and beyond what arrived', () => {
  expect(soundMeter([{ startMs: 0, endMs: 30_000 }])(0, 15_000)).toBeUndefined();
  expect(soundMeter([chunk(30, Array(300).fill(-40))])(0, 15_000)).toBeUndefined();
  expect(soundMeter([chunk(30, levels(30))])(40_000, 50_000)).toBeUndefined();
});
