import { describe, expect, it } from '@jest/globals';
import { type Hearing, hear, NOTHING_HEARD_YET } from './hear-silence.ts';

/** A level each tenth of a second. */
const listen = (levels: readonly number[]): Hearing =>
  levels.reduce((hearing, level, tenth) => hear(hearing, level, tenth * 100), NOTHING_HEARD_YET);
const silence = (seconds: number) => Array<number>(seconds * 10 + 1).fill(-90);

describe('silence', () => {
  it('is told after five seconds in which nothing was heard', () => {
    expect(listen(silence(4.9)).silent).toBe(false);
    expect(listen(silence(5)).silent).toBe(true);
  });

  it('is over with the first sound, and counts anew from there', () => {
    expect(listen([...silence(6), -30]).silent).toBe(false);
    expect(listen([...silence(6), -30, ...silence(4)]).silent).toBe(false);
  });

  it('is not a quiet room', () => {
    expect(listen(Array(100).fill(-55)).silent).toBe(false);
  });
});
