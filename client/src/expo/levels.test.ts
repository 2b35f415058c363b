import { describe, expect, it } from '@jest/globals';
import { levelOf, levelsOf } from './levels.ts';

const tone = (length: number, amplitude: number) =>
  Int16Array.from({ length }, (_, i) => Math.round(amplitude * Math.sin((2 * Math.PI * 400 * i) / 16_000)));

describe('levels', () => {
  it('are dBFS: a full sine −3, a tenth of it −23, silence −100', () => {
    expect(levelOf(tone(1_600, 32_767))).toBe(-3);
    expect(levelOf(tone(1_600, 3_277))).toBe(-23);
    expect(levelOf(new Int16Array(1_600).fill(-32_768))).toBe(0);
    expect(levelOf(new Int16Array(1_600))).toBe(-100);
    expect(levelOf(new Int16Array(0))).toBe(-100);
  });

  it('are ten a second, each of its own tenth', () => {
    const sound = new Int16Array(16_000);
    sound.set(tone(1_600, 32_767), 4_800);
    expect(levelsOf(sound, 16_000)).toEqual([-100, -100, -100, -3, -100, -100, -100, -100, -100, -100]);
  });

  it('count what is left at the end from half a tenth on', () => {
    expect(levelsOf(tone(1_600 * 3 + 799, 32_767), 16_000)).toHaveLength(3);
    expect(levelsOf(tone(1_600 * 3 + 800, 32_767), 16_000)).toHaveLength(4);
    expect(levelsOf(tone(10, 32_767), 16_000)).toHaveLength(1);
    expect(levelsOf(new Int16Array(0), 16_000)).toEqual([]);
  });
});
