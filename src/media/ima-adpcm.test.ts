/** The decoder by the standard's own numbers, and headers that lie. What encoders write: test/integration/. */
import { describe, expect, it } from '@jest/globals';
import { cutWav } from './cut-wav.ts';
import { adpcmBlocks, decodeImaAdpcm } from './ima-adpcm.ts';
import { joinWavs } from './join-wavs.ts';
import { probe } from './probe.ts';
import { readWav, wavFile } from './wav.ts';
import { wavPcm } from './wav-pcm.ts';

const samplesOf = (bytes: Uint8Array) => [...new Int16Array(bytes.slice().buffer)];
const head = (sample: number, index: number) => [sample & 255, (sample >> 8) & 255, index, 0];

type Header = { channels?: number; block?: number; perBlock?: number; fact?: number | null; bits?: number };

/** A mono file of 8 kHz with blocks of 12 bytes, 17 samples, unless told otherwise. */
function adpcmFile(data: readonly number[], options: Header = {}): Uint8Array {
  const { channels = 1, block = 12, perBlock = 17, fact = null, bits = 4 } = options;
  const file = Buffer.alloc(60 + data.length - (fact === null ? 12 : 0));
  file.write('RIFF\0\0\0\0WAVEfmt ', 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(20, 16);
  file.writeUInt16LE(17, 20);
  file.writeUInt16LE(channels, 22);
  file.writeUInt32LE(8_000, 24);
  file.writeUInt16LE(block, 32);
  file.writeUInt16LE(bits, 34);
  file.writeUInt16LE(2, 36);
  file.writeUInt16LE(perBlock, 38);
  if (fact !== null) {
    file.write('fact\x04', 40, 'latin1');
    file.writeUInt32LE(fact, 48);
  }
  const dataAt = fact === null ? 40 : 52;
  file.write('data', dataAt, 'latin1');
  file.writeUInt32LE(data.length, dataAt + 4);
  file.set(data, dataAt + 8);
  return new Uint8Array(file);
}
const block = (sample: number, index = 0) => [...head(sample, index), 0, 0, 0, 0, 0, 0, 0, 0];
const threeBlocks = [...block(100), ...block(200), ...block(300)];
async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('decoding IMA ADPCM', () => {
  it('moves by the step, its half and its quarter as the bits say, the first sample in the low four bits', () => {
    // Step 7 (index 0), code 7: 0 + 7 + 3 + 1 = 11, index 8 → step 16, code 12: −(2 + 16), index 10 → step 19; 0: + 2.
    const decoded = decodeImaAdpcm(Uint8Array.of(...head(1_000, 0), 0xc7, 0, 0, 0), adpcmBlocks(1, 8, 9));
    expect(samplesOf(decoded)).toEqual([1_000, 1_011, 993, 995, 997, 999, 1_000, 1_001, 1_002]);
  });

  it('stays within 16 bits and within its table', () => {
    const loud = Uint8Array.of(...head(32_000, 88), 0x77, 0x77, 0xff, 0xff);
    expect(samplesOf(decodeImaAdpcm(loud, adpcmBlocks(1, 8, 9)))).toEqual([
      ...[32_000, 32_767, 32_767, 32_767, 32_767],
      ...[-28_669, -32_768, -32_768, -32_768],
    ]);
    const beyond = Uint8Array.of(...head(0, 200), 0, 0, 0, 0);
    const last = Uint8Array.of(...head(0, 88), 0, 0, 0, 0);
    expect(decodeImaAdpcm(beyond, adpcmBlocks(1, 8, 9))).toEqual(decodeImaAdpcm(last, adpcmBlocks(1, 8, 9)));
  });

  it('of two channels takes four bytes of each in turn', () => {
    const bytes = Uint8Array.of(...head(100, 0), ...head(-100, 0), 0x77, 0, 0, 0, 0, 0, 0, 0);
    const samples = samplesOf(decodeImaAdpcm(bytes, adpcmBlocks(2, 16, 9)));
    expect(samples.filter((_, i) => i % 2 === 0).slice(0, 3)).toEqual([100, 111, 141]);
    expect(samples.filter((_, i) => i % 2 === 1)).toEqual(Array(9).fill(-100));
  });
});

describe('the samples of an ADPCM file', () => {
  it('are those of its blocks, or as many as fact says when it ends in the last', () => {
    for (const [fact, frames] of [
      [null, 51],
      [51, 51],
      [35, 35],
      [34, 51], // would leave out a block
      [0, 51], // of a recorder that streamed
      [52, 51],
      [0xffffffff, 51],
    ] as const) {
      expect([fact, readWav(adpcmFile(threeBlocks, { fact })).frames]).toEqual([fact, frames]);
    }
  });

  it('are there as far as the last block is, to a word', async () => {
    const file = adpcmFile(threeBlocks, { fact: 51 });
    const framesAt = (cut: number) => wavPcm(file.subarray(0, file.length - cut)).frames;
    expect([0, 1, 4, 5, 8, 9, 12].map(framesAt)).toEqual([51, 43, 43, 35, 35, 34, 34]);
    const cut = file.subarray(0, file.length - 5);
    expect(await probe(cut)).toMatchObject({ codec: 'adpcm_ima_wav', durationMs: 4, truncated: true });
    expect(samplesOf(wavPcm(cut).slice(33, 35))).toEqual([200, 300]);
  });

  it('are the same in whatever pieces they are asked for', () => {
    const data = Array.from({ length: 10 * 12 }, (_, i) => (i % 12 === 3 ? 0 : (i * 37) % 256));
    const pcm = wavPcm(adpcmFile(data, { fact: 165 }));
    const whole = samplesOf(pcm.slice(0, 165));
    expect(whole).toHaveLength(165);
    for (let from = 0; from <= 165; from += 1) {
      for (const to of [from, from + 1, from + 16, from + 40, 165].filter(
        (end) => end >= from && end <= 165,
      )) {
        expect(samplesOf(pcm.slice(from, to))).toEqual(whole.slice(from, to));
      }
    }
  });

  it('go to a provider as PCM', () => {
    const windows = [...cutWav(adpcmFile(threeBlocks, { fact: 40 }), 1_000)];
    expect(windows.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([[0, 5]]);
    expect(readWav(windows[0]?.bytes ?? new Uint8Array())).toMatchObject({
      codec: 'pcm_s16le',
      frames: 40,
      headerRight: true,
    });
  });
});

describe('an ADPCM file that lies', () => {
  const many = Array(1_000).fill(threeBlocks).flat();
  it.each<[string, Uint8Array, string]>([
    ['no block', adpcmFile(threeBlocks, { block: 0 }), 'unreadable'],
    ['a block that is only its head', adpcmFile(threeBlocks, { block: 4, perBlock: 1 }), 'unreadable'],
    ['a block of half words', adpcmFile(threeBlocks, { block: 14, perBlock: 21 }), 'unreadable'],
    ['a stereo block of one channel', adpcmFile(threeBlocks, { channels: 2 }), 'unreadable'],
    ['more samples than a block has', adpcmFile(threeBlocks, { perBlock: 505 }), 'unreadable'],
    ['no channels', adpcmFile(threeBlocks, { channels: 0 }), 'unreadable'],
    ['six channels', adpcmFile(threeBlocks, { channels: 6, block: 48 }), 'unsupported'],
    ['three bits', adpcmFile(threeBlocks, { bits: 3 }), 'unsupported'],
    ['half a head', adpcmFile([1, 2, 3]), 'empty'],
    ['samples that were cut off', adpcmFile(threeBlocks).subarray(0, 48), 'empty'],
  ])('about %s is refused by its code', async (_, file, code) => {
    await expect(probe(file)).rejects.toMatchObject({ name: 'MediaError', code });
    await expect(joinWavs(each([file]), 1)).rejects.toMatchObject({ name: 'MediaError', code });
    expect(() => cutWav(file, 100)).toThrow(expect.objectContaining({ code }));
  });

  it('about its length is as long as it is', async () => {
    const file = adpcmFile(many).slice();
    new DataView(file.buffer).setUint32(44, 0xffffffff, true);
    expect(await probe(file)).toMatchObject({ durationMs: 6_375, truncated: false });
  });

  it('is refused when it would be too large as PCM', async () => {
    const file = new Uint8Array(48 + 80 * 1024 * 1024);
    file.set(adpcmFile([]));
    new DataView(file.buffer).setUint32(44, file.length - 48, true);
    await expect(probe(file)).rejects.toMatchObject({ code: 'too_long' });
  });
});

describe('joining', () => {
  const pcm = (samples: readonly number[], rate = 8_000) => {
    const format = new Uint8Array(16);
    const view = new DataView(format.buffer);
    [1, 1].forEach((value, i) => void view.setUint16(i * 2, value, true));
    view.setUint32(4, rate, true);
    view.setUint32(8, rate * 2, true);
    view.setUint16(12, 2, true);
    view.setUint16(14, 16, true);
    return wavFile(format, new Uint8Array(Int16Array.from(samples).buffer));
  };

  it('makes PCM of PCM and ADPCM in any order, also of one that ends within a block', async () => {
    const coded = adpcmFile(threeBlocks, { fact: 36 });
    const plain = pcm([1, 2, 3]);
    const decoded = samplesOf(wavPcm(coded).slice(0, 36));
    for (const order of [
      [coded, plain, coded],
      [plain, coded, coded],
    ]) {
      const { bytes, segments } = await joinWavs(each(order), 3);
      const joined = wavPcm(bytes);
      expect(joined.codec).toBe('pcm_s16le');
      expect(samplesOf(joined.slice(0, joined.frames))).toEqual(
        order.flatMap((each) => (each === plain ? [1, 2, 3] : decoded)),
      );
      expect(segments.map(({ durationMs }) => durationMs)).toEqual(
        order.map((each) => (each === plain ? 0.375 : 4.5)),
      );
    }
  });

  it('refuses ADPCM of another rate, and more than is decoded', async () => {
    const coded = adpcmFile(threeBlocks);
    await expect(joinWavs(each([coded, pcm([1], 16_000)]), 2)).rejects.toMatchObject({
      code: 'segments_differ',
    });
    const long = new Uint8Array(48 + 40 * 1024 * 1024);
    long.set(adpcmFile([]));
    new DataView(long.buffer).setUint32(44, long.length - 48, true);
    await expect(joinWavs(each([long, long]), 2)).rejects.toMatchObject({ code: 'too_long' });
  });
});
