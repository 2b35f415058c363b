import { describe, expect, it } from '@jest/globals';
import { cutWav } from './cut-wav.ts';
import type { MediaError } from './media-error.ts';
import { probe } from './probe.ts';
import { readWav, wavFile } from './wav.ts';

const RATE = 8_000;
const FORMAT = Uint8Array.from([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x80, 0x3e, 0, 0, 2, 0, 16, 0]);

/** One second of 16-bit mono at 8 kHz is 16,000 bytes. */
function recording(seconds: number): Uint8Array {
  return wavFile(FORMAT, new Uint8Array(seconds * RATE * 2).fill(7));
}

function withDataSize(bytes: Uint8Array, size: number): Uint8Array {
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  view.setUint32(4, size, true);
  view.setUint32(40, size, true);
  return copy;
}

describe('the length of a WAV', () => {
  it('is that of its samples', async () => {
    expect(await probe(recording(3))).toEqual({
      container: 'wav',
      mimeType: 'audio/wav',
      codec: 'pcm_s16le',
      durationMs: 3_000,
      lengthMs: 3_000,
      primingMs: 0,
      truncated: false,
    });
  });

  it.each([0, 0xffffffff, 0x7fffffff])(
    'is counted to the file’s end when the header says %d',
    async (size) => {
      expect(await probe(withDataSize(recording(2), size))).toMatchObject({
        durationMs: 2_000,
        truncated: false,
      });
    },
  );

  it('is what is there when the file was cut, which is said', async () => {
    const cut = recording(10).subarray(0, 44 + 16_000 * 4 + 1);
    expect(await probe(cut)).toMatchObject({ durationMs: 4_000, truncated: true });
  });

  it('leaves out what follows the samples', async () => {
    const bytes = Buffer.concat([recording(1), Buffer.from('LIST\x04\0\0\0INFO')]);
    expect(await probe(bytes)).toMatchObject({ durationMs: 1_000 });
  });
});

describe('a WAV that is none', () => {
  it.each<[string, Uint8Array, MediaError['code']]>([
    ['nothing', new Uint8Array(), 'empty'],
    ['a header and no samples', wavFile(FORMAT, new Uint8Array()), 'empty'],
    [
      'a header, no samples, and a comment',
      Buffer.concat([wavFile(FORMAT, new Uint8Array()), Buffer.from('LIST\x04\0\0\0INFO')]),
      'empty',
    ],
    ['half a frame', wavFile(FORMAT, new Uint8Array(1)).subarray(0, 45), 'empty'],
    ['a cut header', recording(1).subarray(0, 30), 'unreadable'],
    [
      'ADPCM of Microsoft',
      wavFile(
        FORMAT.map((byte, i) => (i === 0 ? 2 : byte)),
        new Uint8Array(9),
      ),
      'unsupported',
    ],
    [
      'no channels',
      wavFile(
        FORMAT.map((byte, i) => (i === 2 ? 0 : byte)),
        new Uint8Array(9),
      ),
      'unreadable',
    ],
    ['a text', Buffer.from('{"not": "audio"}'), 'not_audio'],
    ['a FLAC', Buffer.from('fLaC....'), 'unsupported'],
    ['an mp4 without its index', Buffer.from('\0\0\0\x10ftypM4A \0\0\0\0'), 'unreadable'],
    ['a WebM without its tracks', Buffer.from('1a45dfa3a342868101', 'hex'), 'unreadable'],
  ])('is refused: %s', async (_, bytes, code) => {
    await expect(probe(bytes)).rejects.toMatchObject({ name: 'MediaError', code });
  });
});

describe('cutting a WAV', () => {
  it('makes the fewest windows, each within the limit, and loses nothing', () => {
    const bytes = recording(60);
    const windows = [...cutWav(bytes, 400_000)];
    expect(windows).toHaveLength(3);
    expect(Math.max(...windows.map((window) => window.bytes.length))).toBeLessThanOrEqual(400_000);
    const samples = windows.map(({ bytes: file }) => readWav(file)).map((wav) => wav.dataBytes);
    expect(samples.reduce((sum, size) => sum + size, 0)).toBe(60 * RATE * 2);
    expect(windows.map(({ startMs }) => startMs)).toEqual([
      0,
      ...windows.slice(0, -1).map(({ endMs }) => endMs),
    ]);
    expect(windows.at(-1)?.endMs).toBe(60_000);
  });

  it('cuts in the pause near the even place', () => {
    const bytes = recording(60);
    const { dataStart } = readWav(bytes);
    const noise = new Int16Array(bytes.buffer, dataStart, 60 * RATE);
    noise.forEach((_, i) => {
      noise[i] = i % 2 === 0 ? 9_000 : -9_000;
    });
    noise.fill(0, 32.1 * RATE, 32.5 * RATE);
    const [first] = [...cutWav(bytes, 600_000)];
    expect(first?.endMs).toBeGreaterThanOrEqual(32_150);
    expect(first?.endMs).toBeLessThanOrEqual(32_450);
  });

  it('gives one that fits back, with the lengths in its header put right', () => {
    const [window] = [...cutWav(withDataSize(recording(2), 0xffffffff), 1_000_000)];
    expect(window?.bytes).toEqual(recording(2));
    expect(window).toMatchObject({ startMs: 0, endMs: 2_000 });
  });

  it('keeps within the limit when every window must be full', () => {
    const windows = [...cutWav(recording(60), 44 + 2 + 16_000 * 20)];
    expect(windows.map(({ endMs }) => endMs)).toEqual([20_000, 40_000, 60_000]);
  });
});
