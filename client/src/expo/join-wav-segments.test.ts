import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FileBody } from '../upload/ports.ts';
import { createWavCutter } from './cut-into-wavs.ts';
import { decodeImaAdpcm } from './ima-adpcm.ts';
import { createJoinWavSegments } from './join-wav-segments.ts';
import { type ScriptedFileSystem, scriptedFileSystem } from './testing/scripted-file-system.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { readWav, type SoundEncoding } from './wav-file.ts';

let folder: ReturnType<typeof temporaryFolder>;
let fs: ScriptedFileSystem;
beforeEach(() => {
  folder = temporaryFolder();
  fs = scriptedFileSystem(folder.path);
});
afterEach(() => folder.dispose());

const sound = Int16Array.from({ length: 37_000 }, (_, i) => Math.round(9_000 * Math.sin(i / 7)));
function segmentsOf(encoding: SoundEncoding, seconds: number, sampleRate = 16_000): Uint8Array[] {
  const cutter = createWavCutter({ encoding: () => encoding, sampleRate }, seconds);
  const last = cutter.push(sound).concat(cutter.end() ?? []);
  return last.map(({ bytes }) => bytes);
}
async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
let ids = 0;
const joinSegments = (segments: readonly Uint8Array[]) =>
  createJoinWavSegments(fs, () => `id-${ids++}`)(each(segments), 'audio/wav');
const bytesOf = ({ uri }: FileBody) => new Uint8Array(readFileSync(fileURLToPath(uri)));
const joinedFiles = () => readdirSync(join(folder.path, 'Caches/thankly-joined'));

describe('joining WAV segments', () => {
  it.each<SoundEncoding>(['pcm', 'ima-adpcm'])(
    'makes one file of %s with every sample once',
    async (encoding) => {
      const { body, bytes, sha256 } = await joinSegments(segmentsOf(encoding, 0.5));
      const file = bytesOf(body as FileBody);
      expect([file.length, (body as FileBody).bytes]).toEqual([bytes, bytes]);
      expect(sha256).toBe(createHash('sha256').update(file).digest('hex'));
      const wav = readWav(file);
      expect([wav.encoding, wav.sampleRate, wav.samples]).toEqual([encoding, 16_000, 37_000]);
      if (encoding === 'pcm') {
        expect(Buffer.from(wav.data).equals(Buffer.from(sound.buffer))).toBe(true);
      } else {
        const heard = decodeImaAdpcm(wav.data, wav.samples);
        expect(Math.max(...heard.map((sample, i) => Math.abs(sample - (sound[i] ?? 0))))).toBeLessThan(3_000);
      }
    },
  );

  it('takes the same place when it is done again', async () => {
    const first = await joinSegments(segmentsOf('pcm', 0.5));
    expect(await joinSegments(segmentsOf('pcm', 0.5))).toEqual(first);
    expect(joinedFiles()).toEqual([`${first.sha256}.wav`]);
  });

  it('makes PCM of segments whose encoding changes, or that end within a block, with every sample once', async () => {
    const samplesOf = (segment: Uint8Array) => {
      const { encoding, samples, data } = readWav(segment);
      return encoding === 'pcm'
        ? [...new Int16Array(data.slice().buffer)]
        : [...decodeImaAdpcm(data, samples)];
    };
    const pcm = segmentsOf('pcm', 0.5);
    const adpcm = segmentsOf('ima-adpcm', 0.5); // the last ends within a block
    const long = segmentsOf('ima-adpcm', 10).concat(segmentsOf('ima-adpcm', 10));
    for (const segments of [
      [...pcm, ...adpcm, ...pcm],
      [...adpcm.slice(0, 3), ...pcm, ...adpcm],
      [...adpcm, ...adpcm],
      [...Array(5).fill(long).flat(), ...pcm],
    ]) {
      const { body, bytes } = await joinSegments(segments);
      const wav = readWav(bytesOf(body as FileBody));
      expect([wav.encoding, wav.data.length + 44]).toEqual(['pcm', bytes]);
      expect(
        Buffer.from(wav.data).equals(Buffer.from(Int16Array.from(segments.flatMap(samplesOf)).buffer)),
      ).toBe(true);
    }
    expect(joinedFiles().every((name) => /^[0-9a-f]{64}\.wav$/.test(name))).toBe(true);
  });

  it('refuses what does not fit together, and leaves nothing behind', async () => {
    const adpcm = segmentsOf('ima-adpcm', 0.5);
    for (const first of [segmentsOf('pcm', 0.5), adpcm, [...adpcm, ...adpcm]]) {
      const slower = segmentsOf('pcm', 1, 8_000);
      await expect(joinSegments([...first, ...slower])).rejects.toThrow('another rate');
    }
    await expect(joinSegments([new Uint8Array(100)])).rejects.toThrow('no WAV of ours');
    await expect(joinSegments([])).rejects.toThrow('no segments');
    expect(joinedFiles()).toEqual([]);
  });

  it('says so when the disk is full, and leaves nothing behind', async () => {
    fs.room = 20_000;
    await expect(joinSegments(segmentsOf('pcm', 0.5))).rejects.toThrow('No space left');
    expect(joinedFiles()).toEqual([]);
    fs.room = 30_000;
    const mixed = [...segmentsOf('ima-adpcm', 0.5), ...segmentsOf('pcm', 0.5)];
    await expect(joinSegments(mixed)).rejects.toThrow('No space left');
    expect(joinedFiles()).toEqual([]);
  });
});
