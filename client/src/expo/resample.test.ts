import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createResampler } from './resample.ts';

const tone = (length: number, rate: number, hertz: number) =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate));

function all(from: number, to: number, buffers: readonly Float32Array[]): Float32Array {
  const resampler = createResampler(from, to);
  const parts = [...buffers.map((buffer) => resampler.push(buffer)), resampler.end()];
  return Float32Array.from(parts.flatMap((part) => [...part]));
}

const rms = (samples: Float32Array) => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);

describe('resampling', () => {
  it.each([48_000, 44_100, 22_050, 8_000, 11_025])('keeps a tone where it is: %i Hz → 16 kHz', (rate) => {
    const heard = all(rate, 16_000, [tone(rate, rate, 1_000)]);
    expect(heard).toHaveLength(16_000);
    const expected = tone(16_000, 16_000, 1_000);
    const error = heard.map((sample, i) => sample - (expected[i] ?? 0)).subarray(100, 15_900);
    expect(20 * Math.log10(rms(error) / rms(expected))).toBeLessThan(-50);
  });

  it('takes away what 16 kHz cannot hold, instead of folding it down', () => {
    const heard = all(48_000, 16_000, [tone(48_000, 48_000, 11_000)]).subarray(100, 15_900);
    expect(20 * Math.log10(rms(heard) / rms(tone(16_000, 16_000, 1_000)))).toBeLessThan(-50);
  });

  it('leaves a constant as it is', () => {
    const heard = all(44_100, 16_000, [new Float32Array(44_100).fill(0.25)]).subarray(100, 15_900);
    expect(Math.max(...heard.map((sample) => Math.abs(sample - 0.25)))).toBeLessThan(1e-4);
  });

  it('gives the same however the input is cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(48_000, 44_100, 8_000, 16_000),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 8 }),
        (rate, sizes) => {
          const input = tone(
            sizes.reduce((a, b) => a + b, 0),
            rate,
            440,
          );
          let at = 0;
          const buffers = sizes.map((size) => {
            at += size;
            return input.subarray(at - size, at);
          });
          const whole = all(rate, 16_000, [input]);
          expect(all(rate, 16_000, buffers).every((sample, i) => sample === whole[i])).toBe(true);
          expect(all(rate, 16_000, buffers)).toHaveLength(whole.length);
          expect(whole).toHaveLength(Math.ceil((input.length * 16_000) / rate));
        },
      ),
    );
  });
});
