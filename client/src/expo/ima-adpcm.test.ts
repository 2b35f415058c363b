import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ADPCM_BLOCK_BYTES, ADPCM_BLOCK_SAMPLES, decodeImaAdpcm, encodeImaAdpcm } from './ima-adpcm.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { wavFile } from './wav-file.ts';

const tones = (length: number) =>
  Int16Array.from({ length }, (_, i) =>
    Math.round(
      9_000 * Math.sin((2 * Math.PI * 697 * i) / 16_000) +
        9_000 * Math.sin((2 * Math.PI * 1336 * i) / 16_000),
    ),
  );

const same = (a: Int16Array, b: Int16Array) => a.length === b.length && a.every((s, i) => s === b[i]);

/** dB of the sound over the error. */
function signalToNoise(sound: Int16Array, heard: Int16Array): number {
  let [signal, noise] = [0, 0];
  for (const [i, sample] of sound.entries()) {
    signal += sample ** 2;
    noise += (sample - (heard[i] ?? 0)) ** 2;
  }
  return 10 * Math.log10(signal / noise);
}

describe('IMA ADPCM', () => {
  it('is a quarter of PCM', () => {
    expect(ADPCM_BLOCK_SAMPLES).toBe(625);
    expect(encodeImaAdpcm(tones(80_000))).toHaveLength(128 * ADPCM_BLOCK_BYTES);
    expect((160_000 / (128 * ADPCM_BLOCK_BYTES)).toFixed(2)).toBe('3.96');
  });

  it('keeps a pair of tones 25 dB above its error, from the first millisecond on', () => {
    const sound = tones(16_000);
    const heard = decodeImaAdpcm(encodeImaAdpcm(sound), sound.length);
    expect(signalToNoise(sound, heard)).toBeGreaterThan(25);
    const middle = sound.subarray(5_003, 5_003 + 625);
    const cut = decodeImaAdpcm(encodeImaAdpcm(middle), 625);
    expect(signalToNoise(middle.subarray(0, 32), cut.subarray(0, 32))).toBeGreaterThan(15);
  });

  it('makes whole blocks that are decoded each by itself, and never more samples than were said', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 2_000 }), (sound) => {
        const bytes = encodeImaAdpcm(sound);
        expect(bytes.length % ADPCM_BLOCK_BYTES).toBe(0);
        const heard = decodeImaAdpcm(bytes, sound.length);
        expect(heard).toHaveLength(sound.length);
        for (let block = 0; block * ADPCM_BLOCK_SAMPLES < sound.length; block++) {
          const from = block * ADPCM_BLOCK_SAMPLES;
          const count = Math.min(ADPCM_BLOCK_SAMPLES, sound.length - from);
          const alone = bytes.subarray(block * ADPCM_BLOCK_BYTES, (block + 1) * ADPCM_BLOCK_BYTES);
          expect(same(decodeImaAdpcm(alone, count), heard.subarray(from, from + count))).toBe(true);
          expect(heard[from]).toBe(sound[from]);
        }
      }),
    );
  });

  const ffmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
  const missing = ffmpeg || process.env.REQUIRE_ALL === '1' ? it : it.skip;
  if (missing !== it) process.stderr.write('SKIPPED what ffmpeg makes of our ADPCM: there is no ffmpeg\n');
  missing('is decoded by ffmpeg as well as by us', () => {
    const folder = temporaryFolder();
    try {
      const sound = tones(40_123);
      const bytes = encodeImaAdpcm(sound);
      const file = join(folder.path, 'sound.wav');
      writeFileSync(file, wavFile({ encoding: 'ima-adpcm', sampleRate: 16_000 }, sound.length, bytes));
      const { status, stdout, stderr } = spawnSync(
        'ffmpeg',
        ['-v', 'error', '-i', file, '-f', 's16le', '-'],
        {
          maxBuffer: 1e8,
        },
      );
      expect(stderr.toString()).toBe('');
      expect(status).toBe(0);
      const decoded = new Int16Array(new Uint8Array(stdout).buffer);
      // It gives the whole last block, whatever `fact` says, and rounds the steps in another order.
      expect(decoded).toHaveLength(Math.ceil(sound.length / 625) * 625);
      expect(signalToNoise(sound, decoded)).toBeGreaterThan(25);
    } finally {
      folder.dispose();
    }
  });
});
