import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Capture } from '../upload/ports.ts';
import { createWavCutter } from './cut-into-wavs.ts';
import { decodeImaAdpcm } from './ima-adpcm.ts';
import { readWav, type SoundEncoding } from './wav-file.ts';

function cut(buffers: readonly Int16Array[], encoding: SoundEncoding, rate: number, seconds: number) {
  const cutter = createWavCutter({ encoding: () => encoding, sampleRate: rate }, seconds);
  const captures = buffers.flatMap((buffer) => cutter.push(buffer));
  const whole = captures.length;
  const last = cutter.end();
  return { captures: last === null ? captures : [...captures, last], whole, elapsedMs: cutter.elapsedMs };
}

const samplesOf = ({ bytes }: Capture) => {
  const { encoding, samples, data } = readWav(bytes);
  return encoding === 'pcm' ? new Int16Array(data.slice().buffer) : decodeImaAdpcm(data, samples);
};
const joined = (parts: readonly Int16Array[]) => Int16Array.from(parts.flatMap((part) => [...part]));

const same = (a: Int16Array, b: Int16Array) => a.length === b.length && a.every((s, i) => s === b[i]);

describe('cutting into WAVs', () => {
  it('loses and doubles no sample, however the buffers fall', () => {
    fc.assert(
      fc.property(
        fc.array(fc.int16Array({ maxLength: 400 }), { maxLength: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (buffers, pieceSamples) => {
          const { captures, whole, elapsedMs } = cut(buffers, 'pcm', 1_000, pieceSamples / 1_000);
          const input = joined(buffers);
          expect(same(joined(captures.map(samplesOf)), input)).toBe(true);
          expect(whole).toBe(Math.floor(input.length / pieceSamples));
          expect(captures.slice(0, whole).every((c) => samplesOf(c).length === pieceSamples)).toBe(true);
          expect(elapsedMs).toBe(input.length);
          let end = 0;
          for (const { startMs, endMs } of captures) {
            expect(startMs).toBe(end);
            end = endMs;
          }
          expect(end).toBe(input.length);
        },
      ),
    );
  });

  it('cuts ADPCM between blocks, so that only the last has one filled up', () => {
    fc.assert(
      fc.property(
        fc.array(fc.int16Array({ minLength: 1, maxLength: 4_000 }), { maxLength: 6 }),
        fc.integer({ min: 1, max: 5_000 }),
        (buffers, pieceSamples) => {
          const { captures, whole } = cut(buffers, 'ima-adpcm', 16_000, pieceSamples / 16_000);
          const input = joined(buffers);
          const heard = captures.map(samplesOf);
          expect(joined(heard)).toHaveLength(input.length);
          expect(heard.slice(0, whole).every(({ length }) => length % 625 === 0)).toBe(true);
          // The first sample of each is exact: it stands where it stood.
          let at = 0;
          for (const part of heard) {
            expect(part[0]).toBe(input[at]);
            at += part.length;
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('makes five seconds five seconds, in both encodings, with fifty levels', () => {
    for (const encoding of ['pcm', 'ima-adpcm'] as const) {
      const { captures } = cut([new Int16Array(160_000).fill(100)], encoding, 16_000, 5);
      expect(captures.map(({ startMs, endMs, levels }) => [startMs, endMs, levels.length])).toEqual([
        [0, 5_000, 50],
        [5_000, 10_000, 50],
      ]);
      expect(captures.map(({ bytes }) => bytes.length)).toEqual(
        encoding === 'pcm' ? [160_044, 160_044] : [40_508, 40_508],
      );
    }
  });

  it('asks for the encoding of each anew', () => {
    const encodings: SoundEncoding[] = ['pcm', 'ima-adpcm', 'pcm'];
    const cutter = createWavCutter({ encoding: () => encodings.shift() ?? 'pcm', sampleRate: 16_000 }, 5);
    const sound = Int16Array.from({ length: 200_000 }, (_, i) => i % 1_000);
    const captures = [...cutter.push(sound), cutter.end()].flatMap((each) => each ?? []);
    expect(
      captures.map(({ bytes, endMs }) => [readWav(bytes).encoding, readWav(bytes).samples, endMs]),
    ).toEqual([
      ['pcm', 80_000, 5_000],
      ['ima-adpcm', 80_000, 10_000],
      ['pcm', 40_000, 12_500],
    ]);
    const heard = captures.map(samplesOf);
    expect([heard[0]?.at(-1), heard[1]?.[0], heard[2]?.[0], heard[2]?.at(-1)]).toEqual([999, 0, 0, 999]);
  });

  it('gives nothing for nothing', () => {
    expect(cut([], 'pcm', 16_000, 5)).toEqual({ captures: [], whole: 0, elapsedMs: 0 });
  });
});
