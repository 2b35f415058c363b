import { describe, expect, it } from '@jest/globals';
import { encodeImaAdpcm } from './ima-adpcm.ts';
import { readWav, wavFile, wavHeader } from './wav-file.ts';

const ascii = (bytes: Uint8Array, from: number, to: number) =>
  String.fromCharCode(...bytes.subarray(from, to));

describe('a WAV header', () => {
  it('of PCM says mono, 16 bit, and how long everything is', () => {
    const header = wavHeader({ encoding: 'pcm', sampleRate: 16_000 }, 80_000, 160_000);
    expect([...header]).toEqual([
      ...[0x52, 0x49, 0x46, 0x46, 0x24, 0x71, 0x02, 0x00, 0x57, 0x41, 0x56, 0x45], // RIFF 160,036 WAVE
      ...[0x66, 0x6d, 0x74, 0x20, 16, 0, 0, 0, 1, 0, 1, 0], // fmt  16 PCM mono
      ...[0x80, 0x3e, 0, 0, 0x00, 0x7d, 0, 0, 2, 0, 16, 0], // 16,000 Hz, 32,000 bytes a second, 2 a frame, 16 bit
      ...[0x64, 0x61, 0x74, 0x61, 0x00, 0x71, 0x02, 0x00], // data 160,000
    ]);
  });

  it('of ADPCM has the block, and the number of samples in a fact chunk', () => {
    const header = wavHeader({ encoding: 'ima-adpcm', sampleRate: 16_000 }, 80_000, 128 * 316);
    const view = new DataView(header.buffer);
    expect(header).toHaveLength(60);
    expect(view.getUint16(20, true)).toBe(0x11);
    expect(view.getUint32(28, true)).toBe(8090);
    expect(view.getUint16(32, true)).toBe(316);
    expect(view.getUint16(34, true)).toBe(4);
    expect(view.getUint16(38, true)).toBe(625);
    expect(ascii(header, 40, 44)).toBe('fact');
    expect(view.getUint32(48, true)).toBe(80_000);
    expect(ascii(header, 52, 56)).toBe('data');
  });
});

describe('reading a WAV of ours', () => {
  const samples = Int16Array.from({ length: 700 }, (_, i) => Math.round(9_000 * Math.sin(i / 9)));

  it('gives back what was written', () => {
    const pcm = new Uint8Array(samples.buffer);
    const adpcm = encodeImaAdpcm(samples);
    const [a, b] = [
      { encoding: 'pcm', sampleRate: 16_000 } as const,
      { encoding: 'ima-adpcm', sampleRate: 16_000 } as const,
    ];
    expect(readWav(wavFile(a, 700, pcm))).toEqual({ ...a, samples: 700, data: pcm });
    expect(readWav(wavFile(b, 700, adpcm))).toEqual({ ...b, samples: 700, data: adpcm });
  });

  it('refuses what is cut off, longer, of another format, or no WAV', () => {
    const file = wavFile({ encoding: 'pcm', sampleRate: 16_000 }, 700, new Uint8Array(1_400));
    const stereo = file.slice();
    stereo[22] = 2;
    expect(() => readWav(file.subarray(0, 1_000))).toThrow('lengths');
    expect(() => readWav(Uint8Array.of(...file, 0))).toThrow('lengths');
    expect(() => readWav(file.subarray(0, 40))).toThrow('cut off');
    expect(() => readWav(stereo)).toThrow('another format');
    expect(() => readWav(new Uint8Array(100))).toThrow('another container');
  });
});
