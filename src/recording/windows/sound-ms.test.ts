import { expect, it } from '@jest/globals';
import { soundMeter } from './sound-ms.ts';

/** Two seconds of speech and one of a pause, again and again. */
const levels = (seconds: number) =>
  Array.from({ length: seconds * 10 }, (_, tenth) =>
    tenth % 30 < 20 ? -25 - (tenth % 5) : -60 - (tenth % 3),
  );
const chunk = (seconds: number, of: readonly number[]) => ({ startMs: 0, endMs: seconds * 1000, levels: of });

it('is what does not pause', () => {
  const sounding = soundMeter([chunk(30, levels(30))])(9_000, 21_000);
  expect(sounding).toBeGreaterThan(7_000);
  expect(sounding).toBeLessThan(9_100);
});
it('is not known without levels, of levels that tell nothing, and beyond what arrived', () => {
  expect(soundMeter([{ startMs: 0, endMs: 30_000 }])(0, 15_000)).toBeUndefined();
  expect(soundMeter([chunk(30, Array(300).fill(-40))])(0, 15_000)).toBeUndefined();
  expect(soundMeter([chunk(30, levels(30))])(40_000, 50_000)).toBeUndefined();
});
