import { describe, expect, it } from '@jest/globals';
import { createLoudness, loudnessOf } from './loudness.ts';

const sine = (length: number, amplitude: number) =>
  Float32Array.from({ length }, (_, i) => amplitude * Math.sin((2 * Math.PI * 1_000 * i) / 16_000));

describe('loudness', () => {
  it('of digital silence is −100, of a full square 0, of a full sine −3', () => {
    expect(createLoudness(16_000).add(new Float32Array(1_600))).toEqual([-100]);
    expect(createLoudness(16_000).add(new Float32Array(1_600).fill(-1))).toEqual([0]);
    expect(createLoudness(16_000).add(sine(1_600, 1))).toEqual([-3]);
  });

  it('of a tenth of the amplitude is 20 dB less', () => {
    expect(createLoudness(16_000).add(sine(1_600, 0.1))).toEqual([-23]);
  });

  it('never leaves its bounds', () => {
    expect(loudnessOf(1e-30, 1_600)).toBe(-100);
    expect(loudnessOf(1e9, 1_600)).toBe(0);
    expect(loudnessOf(Number.NaN, 1_600)).toBe(-100);
    expect(loudnessOf(0, 0)).toBe(-100);
  });

  it('comes ten times a second, however the samples are cut', () => {
    const samples = sine(48_000, 0.5);
    const whole = createLoudness(48_000).add(samples);
    expect(whole).toHaveLength(10);
    const loudness = createLoudness(48_000);
    const pieces: number[] = [];
    for (let at = 0; at < samples.length; at += 1_021)
      pieces.push(...loudness.add(samples.subarray(at, at + 1_021)));
    expect(pieces).toEqual(whole);
  });
});
