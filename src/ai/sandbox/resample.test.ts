import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createResampler, resample } from './resample.ts';

function sine(hertz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rate * seconds }, (_, i) => Math.sin((2 * Math.PI * hertz * i) / rate));
}

/** RMS in decibels, away from the ends where the filter meets silence. */
function level(samples: Float32Array): number {
  const middle = samples.subarray(samples.length / 4, (samples.length * 3) / 4);
  return 10 * Math.log10(middle.reduce((sum, sample) => sum + sample ** 2, 0) / middle.length);
}

describe('resampling', () => {
  it.each([
    [48_000, 8_000],
    [44_100, 16_000],
    [11_025, 16_000],
    [8_000, 16_000],
  ])('keeps a tone of the band as it is: %i to %i Hz', (from, to) => {
    const heard = resample(sine(1_336, from, 1), from, to);
    const expected = sine(1_336, to, 1);
    expect(heard.length).toBe(to);
    for (let i = to / 4; i < (to * 3) / 4; i += 7)
      expect(Math.abs((heard[i] ?? 0) - (expected[i] ?? 0))).toBeLessThan(0.01);
  });

  it('takes away what the new rate cannot carry, by 60 dB', () => {
    expect(level(resample(sine(6_000, 48_000, 1), 48_000, 8_000))).toBeLessThan(-60);
  });

  it('gives the same in pieces as at once, however it is cut', () => {
    const samples = sine(900, 44_100, 0.2);
    const whole = resample(samples, 44_100, 16_000);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 12 }), (cuts) => {
        const resampler = createResampler(44_100, 16_000);
        const out: number[] = [];
        let at = 0;
        for (const cut of cuts) {
          out.push(...resampler.push(samples.subarray(at, at + cut)));
          at = Math.min(samples.length, at + cut);
        }
        out.push(...resampler.push(samples.subarray(at)), ...resampler.flush());
        expect(out.length).toBe(whole.length);
        expect(Float32Array.from(out)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });
});
