import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { resample } from '../resample.ts';
import { DTMF_RATE, decodeDtmf } from './decode.ts';
import { dtmfSamples, mulberry32, numberedWords, type SpeechOptions } from './encode.ts';
import { GAP_MS, TONE_MS, WORD_MS } from './tones.ts';

function heard(words: readonly string[], options: SpeechOptions = {}) {
  const { rate = 16_000 } = options;
  return decodeDtmf(resample(dtmfSamples(words, options), rate, DTMF_RATE));
}

const text = (words: readonly { word: string }[]) => words.map(({ word }) => word);

describe('DTMF words', () => {
  it('are heard as they were spoken, at any rate, level, twist and noise that a phone may have', () => {
    const recording = fc.record({
      words: fc.array(fc.stringMatching(/^[0-9]{3}$/), { minLength: 1, maxLength: 8 }),
      rate: fc.constantFrom(8_000, 11_025, 16_000, 22_050, 44_100, 48_000),
      level: fc.double({ min: 0.004, max: 0.45, noNaN: true }),
      twist: fc.double({ min: -6, max: 6, noNaN: true }),
      // Peak of the noise as a part of a tone's: down to 13 dB between the pair and the noise.
      noiseShare: fc.double({ min: 0, max: 0.35, noNaN: true }),
      seed: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(recording, ({ words, rate, level, twist, noiseShare, seed }) => {
        expect(text(heard(words, { rate, level, twist, noise: level * noiseShare, seed }))).toEqual(words);
      }),
      { numRuns: 80 },
    );
  });

  it('have times within 10 ms of when they were spoken', () => {
    const words = numberedWords(40, 970);
    for (const [index, { startMs, endMs }] of heard(words).entries()) {
      const start = index * WORD_MS;
      const end = start + 3 * (TONE_MS + GAP_MS) - GAP_MS;
      expect(Math.abs(startMs - start)).toBeLessThanOrEqual(10);
      expect(Math.abs(endMs - end)).toBeLessThanOrEqual(10);
    }
  });

  it('are all there, each once, over the ten hundred different ones', () => {
    const words = numberedWords(1_000);
    expect(text(heard(words, { rate: 8_000, pauseEvery: 12, pauseSeconds: 0.5 }))).toEqual(words);
  });

  it('that are cut show the digits that are left, and never one that was not there', () => {
    const samples = dtmfSamples(['042', '913', '507'], { rate: DTMF_RATE });
    const at = (ms: number) => Math.round((ms * DTMF_RATE) / 1000);
    const cut = (fromMs: number, toMs: number) => text(decodeDtmf(samples.slice(at(fromMs), at(toMs))));
    expect(cut(0, 195)).toEqual(['04']);
    expect(cut(80, 1_500)).toEqual(['42', '913', '507']);
    expect(cut(620, 1_175)).toEqual(['13', '50']);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_499 }), fc.integer({ min: 1, max: 1_500 }), (from, length) => {
        const digits = cut(from, from + length).join('');
        expect('042913507').toContain(digits);
      }),
      { numRuns: 100 },
    );
  });

  it('are not heard in silence, noise, a single tone, or tones shorter than 23 ms', () => {
    const random = mulberry32(5);
    const noise = Float32Array.from({ length: 30 * DTMF_RATE }, () => random() * 2 - 1);
    const sine = (hertz: number) => (_: unknown, i: number) =>
      0.3 * Math.sin((2 * Math.PI * hertz * i) / DTMF_RATE);
    const single = Float32Array.from({ length: DTMF_RATE }, sine(770));
    const blip = new Float32Array(DTMF_RATE);
    const low = sine(770);
    const high = sine(1336);
    for (let i = 0; i < 0.02 * DTMF_RATE; i++) blip[1_000 + i] = low(null, i) + high(null, i);
    expect(decodeDtmf(new Float32Array(DTMF_RATE))).toEqual([]);
    expect(decodeDtmf(noise)).toEqual([]);
    expect(decodeDtmf(single)).toEqual([]);
    expect(decodeDtmf(blip)).toEqual([]);
    expect(decodeDtmf(new Float32Array(10))).toEqual([]);
  });

  it('survive an interruption of 10 ms inside a tone, as Q.24 asks', () => {
    const samples = dtmfSamples(['555'], { rate: DTMF_RATE });
    samples.fill(0, 0.025 * DTMF_RATE, 0.035 * DTMF_RATE);
    expect(text(decodeDtmf(samples))).toEqual(['555']);
  });

  it('are not doubled by the echo that a coder leaves beside a tone', () => {
    const samples = dtmfSamples(['018'], { rate: DTMF_RATE, noise: 0 });
    const echo = dtmfSamples(['888'], { rate: DTMF_RATE, noise: 0, level: 0.0025 });
    for (let i = 0; i < 0.05 * DTMF_RATE; i++) {
      const at = 0.272 * DTMF_RATE + i;
      samples[at] = (samples[at] ?? 0) + (echo[i] ?? 0);
    }
    expect(text(decodeDtmf(samples))).toEqual(['018']);
  });
});
