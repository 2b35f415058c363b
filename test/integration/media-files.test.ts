/** The media room on files of real encoders (ffmpeg's), judged by what a real decoder makes of the result. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { splitIntoSegments } from '../../client/src/cli/split-into-segments.ts';
import { createMedia } from '../../src/media/create-media.ts';
import type { Media } from '../../src/media/media.ts';
import { MediaError } from '../../src/media/media-error.ts';
import { trimTruncatedTail } from '../../src/media/trim-truncated-tail.ts';
import { describeIf } from '../support/optional.ts';

const missing = spawnSync('ffmpeg', ['-version']).error ? 'ffmpeg is not installed' : null;
const RATE = 48_000;

interface Encoding {
  readonly name: string;
  readonly mimeType: string;
  readonly extension: string;
  readonly args: readonly string[];
}
const opus = (frame: string) => ['-c:a', 'libopus', '-b:a', '48k', '-frame_duration', frame];
const aac = ['-c:a', 'aac', '-b:a', '64k'];
const ENCODINGS: readonly Encoding[] = [
  { name: 'WAV', mimeType: 'audio/wav', extension: 'wav', args: ['-c:a', 'pcm_s16le'] },
  { name: 'WebM/Opus, 20 ms', mimeType: 'audio/webm', extension: 'webm', args: opus('20') },
  { name: 'WebM/Opus, 60 ms', mimeType: 'audio/webm;codecs=opus', extension: 'webm', args: opus('60') },
  { name: 'mp4/AAC', mimeType: 'audio/mp4', extension: 'm4a', args: aac },
  {
    name: 'mp4/AAC, index in front',
    mimeType: 'audio/mp4',
    extension: 'm4a',
    args: [...aac, '-movflags', '+faststart'],
  },
  {
    name: 'fragmented mp4/AAC',
    mimeType: 'audio/mp4',
    extension: 'm4a',
    args: [...aac, '-movflags', 'frag_keyframe+empty_moov', '-frag_duration', '500000'],
  },
  { name: 'mp4/Opus', mimeType: 'audio/mp4', extension: 'mp4', args: opus('20') },
  {
    name: 'fragmented mp4/Opus',
    mimeType: 'audio/mp4',
    extension: 'mp4',
    args: [
      ...opus('20'),
      '-movflags',
      'frag_keyframe+empty_moov+default_base_moof',
      '-frag_duration',
      '500000',
    ],
  },
  { name: 'Ogg/Opus', mimeType: 'audio/ogg', extension: 'ogg', args: opus('20') },
  { name: 'MP3', mimeType: 'audio/mpeg', extension: 'mp3', args: ['-c:a', 'libmp3lame', '-b:a', '64k'] },
];

describeIf(missing, 'media on real files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'media-'));
  let media: Media;
  let files = 0;
  beforeAll(() => {
    media = createMedia();
  });
  afterAll(async () => {
    await media.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function encode(samples: Int16Array, { extension, args }: Encoding): Uint8Array {
    const file = join(folder, `${files++}.${extension}`);
    const input = ['-f', 's16le', '-ar', String(RATE), '-ac', '1', '-i', 'pipe:0'];
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...args, file], {
      input: new Uint8Array(samples.buffer),
      timeout: 20_000,
    });
    return new Uint8Array(readFileSync(file));
  }

  function decode(bytes: Uint8Array, extension: string, channels = 'mono'): Int16Array {
    const file = join(folder, `${files++}.${extension}`);
    writeFileSync(file, bytes);
    const output = execFileSync(
      'ffmpeg',
      [
        '-v',
        'error',
        '-i',
        file,
        '-f',
        's16le',
        '-ar',
        String(RATE),
        '-ac',
        channels === 'mono' ? '1' : '2',
        'pipe:1',
      ],
      { timeout: 20_000, maxBuffer: 64 * 1024 * 1024 },
    );
    return new Int16Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length));
  }

  describe.each(ENCODINGS)('$name', (encoding) => {
    const { mimeType, extension } = encoding;

    it('is known by its bytes, and its length is that of its sound', async () => {
      const bytes = encode(melody(3, 1), encoding);
      const probed = await media.probe(bytes, 'application/octet-stream');
      expect(probed.mimeType).toBe(mimeType.split(';')[0]);
      expect(probed.truncated).toBe(false);
      expect(Math.abs(probed.durationMs - 3_000)).toBeLessThanOrEqual(70);
    });

    it('is cut for a provider into the fewest windows, each small enough, that sound as the whole', async () => {
      const whole = encode(melody(5, 9), encoding);
      const maxBytes = Math.ceil(whole.length * 0.45);
      const bytes = whole.slice();
      const windows = [...(await media.cutForProvider(bytes, mimeType, { maxBytes }))];
      expect(windows).toHaveLength(3);
      expect(windows[0]?.startMs).toBe(0);
      for (const [index, window] of windows.entries()) {
        expect(window.bytes.length).toBeLessThanOrEqual(maxBytes);
        if (index > 0) expect(window.startMs).toBe(windows[index - 1]?.endMs);
      }
      const sound = windows.map((window) => decode(window.bytes, extension));
      const length = sound.reduce((sum, part) => sum + part.length, 0);
      expect(Math.abs(length - decode(whole, extension).length)).toBeLessThanOrEqual(
        extension === 'wav' ? 0 : 6_000,
      );
    });

    it('comes back as it is when the provider takes it whole', async () => {
      const bytes = encode(melody(1, 4), encoding);
      const copy = bytes.slice();
      const [window, ...others] = [...(await media.cutForProvider(bytes, mimeType))];
      expect(others).toHaveLength(0);
      expect(window?.bytes.length).toBeGreaterThanOrEqual(copy.length - 100);
      expect(Math.abs((window?.endMs ?? 0) - 1_000)).toBeLessThanOrEqual(70);
    });
  });

  // MP3 has no clean joints: it is refused as segments.
  describe.each(ENCODINGS.filter(({ name }) => name !== 'MP3'))('$name in segments', (encoding) => {
    const { mimeType, extension } = encoding;
    const primingMs = encoding.args.includes('aac') ? 50 : 30;

    it('is cut into segments and joined again without a sample lost or doubled', async () => {
      const whole = encode(melody(4, 2), encoding);
      const segments = await splitIntoSegments(whole, mimeType, 1);
      expect(segments.length).toBeGreaterThanOrEqual(4);
      const joined = await media.joinSegments(
        segments.map((segment) => async () => segment),
        mimeType,
      );
      const [before, after] = [decode(whole, extension), decode(joined.bytes, extension)];
      // The encoder's padding at the very end may be shown or hidden: a frame at most.
      expect(Math.abs(after.length - before.length)).toBeLessThanOrEqual(extension === 'wav' ? 0 : 2_880);
      const compared = Math.min(before.length, after.length) - 2_880;
      expect(snr(before.subarray(0, compared), after.subarray(0, compared))).toBeGreaterThan(60);
      expect(Math.abs(joined.durationMs - (after.length / RATE) * 1000)).toBeLessThanOrEqual(70);
    });

    it('of a recorder that was rotated is joined with every recording whole and where it is said to be', async () => {
      const parts = [1.5, 0.8, 2.1].map((seconds, index) => encode(melody(seconds, index + 3), encoding));
      const decoded = parts.map((part) => decode(part, extension));
      const joined = await media.joinSegments(
        parts.map((part) => async () => part.slice()),
        mimeType,
      );
      const sound = decode(joined.bytes, extension);
      const total = decoded.reduce((sum, part) => sum + part.length, 0);
      expect(sound.length).toBeGreaterThanOrEqual(total - 2_880);
      expect(sound.length).toBeLessThanOrEqual(total + (parts.length * ((primingMs + 60) * RATE)) / 1000);
      const found = decoded.map((part, index) => {
        const start = Math.round(((joined.segments[index]?.startMs ?? 0) * RATE) / 1000);
        return bestMatch(sound, part, start);
      });
      for (const { shift, snr: match } of found) {
        expect(Math.abs(shift)).toBeLessThanOrEqual(extension === 'wav' ? 0 : (2 * RATE) / 1000);
        expect(match).toBeGreaterThan(18);
      }
    });
  });

  describe.each(ENCODINGS.filter(({ name }) => /WebM|mp4/.test(name)))(
    '$name, cut at any byte',
    (encoding) => {
      it('is read up to the cut, or is refused by a code; it neither throws otherwise nor hangs', async () => {
        const whole = encode(melody(3, 5), encoding);
        const { durationMs } = await media.probe(whole, encoding.mimeType);
        const seed = 20_240_917;
        await fc.assert(
          fc.asyncProperty(fc.integer({ min: 0, max: whole.length - 1 }), async (length) => {
            const cut = whole.subarray(0, length);
            try {
              const probed = await media.probe(cut, encoding.mimeType);
              expect(probed.durationMs).toBeLessThanOrEqual(durationMs);
              if (probed.container === 'webm' || probed.container === 'mp4') {
                const trimmed = trimTruncatedTail(cut, probed.container);
                expect(trimmed.length).toBeLessThanOrEqual(cut.length);
              }
            } catch (error) {
              expect(error).toBeInstanceOf(MediaError);
              expect(['unreadable', 'empty', 'not_audio']).toContain((error as MediaError).code);
            }
          }),
          { seed, numRuns: 150 },
        );
      });
    },
  );

  it.each([
    ['WebM/Opus, 20 ms', 0.9],
    ['fragmented mp4/AAC', 0.7],
    ['fragmented mp4/Opus', 0.7],
    ['mp4/AAC, index in front', 0.9],
  ])('keeps nearly all of a %s whose last tenth is missing, and says it was cut', async (name, least) => {
    const encoding = ENCODINGS.find((each) => each.name === name) as Encoding;
    const whole = encode(melody(6, 6), encoding);
    const cut = whole.slice(0, Math.floor(whole.length * 0.9) + 3);
    const probed = await media.probe(cut, encoding.mimeType);
    expect(probed.truncated).toBe(true);
    expect(probed.durationMs).toBeGreaterThan(6_000 * least - 200);
    const { bytes, durationMs } = await media.joinSegments([async () => cut.slice()], encoding.mimeType);
    expect(durationMs).toBe(probed.durationMs);
    expect(
      Math.abs((decode(bytes, encoding.extension).length / RATE) * 1000 - durationMs),
    ).toBeLessThanOrEqual(70);
  });

  it.each<[string, string, readonly string[], string]>([
    ['WebM/Vorbis', 'webm', ['-c:a', 'libvorbis'], 'vorbis'],
    [
      'mp4 with a picture',
      'mp4',
      ['-f', 'lavfi', '-i', 'testsrc=d=2:s=64x64', '-c:v', 'mpeg4', '-c:a', 'aac'],
      'aac',
    ],
    ['MP3 in mp4', 'mp4', ['-c:a', 'libmp3lame'], 'mp3'],
    ['IMA ADPCM WAV', 'wav', ['-c:a', 'adpcm_ima_wav'], 'adpcm_ima_wav'],
    ['µ-law WAV', 'wav', ['-c:a', 'pcm_mulaw'], 'pcm_mulaw'],
    ['RF64 WAV of 24 bits', 'wav', ['-c:a', 'pcm_s24le', '-rf64', 'always'], 'pcm_s24le'],
  ])('reads the sound of a %s', async (_, extension, args, codec) => {
    const bytes = encode(melody(2, 8), { name: '', mimeType: '', extension, args });
    const probed = await media.probe(bytes, 'audio/mp4');
    expect(probed).toMatchObject({ codec, truncated: false });
    expect(Math.abs(probed.durationMs - 2_000)).toBeLessThanOrEqual(70);
  });

  it.each<[string, string, readonly string[], string]>([
    ['an mp4 with ALAC', 'm4a', ['-c:a', 'alac'], 'unsupported'],
    ['a FLAC', 'flac', [], 'unsupported'],
    ['raw AAC', 'aac', [], 'unsupported'],
    ['an ADPCM WAV of Microsoft’s own', 'wav', ['-c:a', 'adpcm_ms'], 'unsupported'],
    [
      'a picture without sound',
      'webm',
      ['-f', 'lavfi', '-i', 'testsrc=d=1:s=64x64', '-map', '1:v', '-c:v', 'libvpx'],
      'not_audio',
    ],
  ])('refuses %s by its code', async (_, extension, args, code) => {
    const bytes = encode(melody(1, 8), { name: '', mimeType: '', extension, args });
    await expect(media.probe(bytes, 'audio/webm')).rejects.toMatchObject({ name: 'MediaError', code });
  });

  it.each([
    ['mono', 256],
    ['mono', 1024],
    ['mono', 2048],
    ['stereo', 1024],
    ['stereo', 4096],
  ])('decodes IMA ADPCM of %s, in blocks of %d bytes, as ffmpeg does', async (channels, block) => {
    const filter = channels === 'stereo' ? ['-af', 'pan=stereo|c0=c0|c1=-0.5*c0'] : [];
    const args = [...filter, '-c:a', 'adpcm_ima_wav', '-block_size', String(block)];
    const whole = encode(melody(3, 8), { name: '', mimeType: '', extension: 'wav', args });
    const theirs = decode(whole, 'wav', channels);
    const ours = (await media.joinSegments([async () => whole.slice()], 'audio/wav')).bytes;
    const heard = decode(ours, 'wav', channels);
    expect(heard).toHaveLength(theirs.length);
    // The order of their roundings differs; a lost, doubled or swapped sample would leave a few dB.
    expect(snr(theirs, heard)).toBeGreaterThan(35);
    const windows = [
      ...(await media.cutForProvider(whole.slice(), 'audio/wav', { maxBytes: ours.length / 2.5 })),
    ];
    expect(windows).toHaveLength(3);
    const cut = windows.map(({ bytes }) => decode(bytes, 'wav', channels));
    expect(
      Buffer.concat(cut.map(({ buffer }) => Buffer.from(buffer))).equals(Buffer.from(heard.buffer)),
    ).toBe(true);
  });

  it('refuses MP3 segments', async () => {
    const mp3 = encode(melody(1, 7), ENCODINGS.at(-1) as Encoding);
    await expect(media.joinSegments([async () => mp3], 'audio/mpeg')).rejects.toMatchObject({
      code: 'unsupported',
    });
  });

  it('refuses segments that cannot be one file', async () => {
    const [wav, webm, , m4a] = ENCODINGS.map((encoding) => encode(melody(1, 7), encoding));
    const other = encode(melody(1, 7), { ...(ENCODINGS[3] as Encoding), args: [...aac, '-ar', '44100'] });
    for (const [a, b] of [
      [wav, webm],
      [webm, m4a],
      [m4a, other],
    ]) {
      const segments = [a, b].map((bytes) => async () => (bytes as Uint8Array).slice());
      await expect(media.joinSegments(segments, 'audio/webm')).rejects.toMatchObject({
        code: 'segments_differ',
      });
    }
  });
});

/** Notes of changing pitch with an edge every 100 ms, so that a shifted sample shows; another for each seed. */
function melody(seconds: number, seed: number): Int16Array {
  const samples = new Int16Array(Math.round(seconds * RATE));
  let phase = 0;
  for (let i = 0; i < samples.length; i += 1) {
    const note = Math.floor(i / (RATE / 10));
    const frequency = 300 + ((note * 37 + seed * 101) % 17) * 90;
    phase += (2 * Math.PI * frequency) / RATE;
    samples[i] = Math.round(Math.sin(phase) * (4_000 + ((note * 13 + seed) % 5) * 2_500));
  }
  return samples;
}

/** Signal to noise of `b` as a copy of `a`, dB; 200 when they are equal. */
function snr(a: Int16Array, b: Int16Array): number {
  let signal = 0;
  let noise = 0;
  for (let i = 0; i < a.length; i += 1) {
    const [x = 0, y = 0] = [a[i], b[i]];
    signal += x * x;
    noise += (x - y) ** 2;
  }
  return noise === 0 ? 200 : 10 * Math.log10(signal / noise);
}

/** Where near `start` the part lies in the whole, leaving out 100 ms at both ends, where codecs differ by their past. */
function bestMatch(whole: Int16Array, part: Int16Array, start: number): { shift: number; snr: number } {
  const margin = RATE / 10;
  const middle = part.subarray(margin, part.length - margin);
  let best = { shift: 0, snr: Number.NEGATIVE_INFINITY };
  for (let shift = -96; shift <= 96; shift += 1) {
    const at = start + margin + shift;
    const found = snr(middle, whole.subarray(at, at + middle.length));
    if (found > best.snr) best = { shift, snr: found };
  }
  return best;
}
