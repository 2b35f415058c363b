import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opusFile, opusPacket, pcmFormat } from '../../test/support/sound-files.ts';
import { cutWindow } from './cut-window.ts';
import { joinSegments } from './join-segments.ts';
import type { ArrivedSegment, MediaWindow } from './media.ts';
import { readPacketTable } from './packet-table.ts';
import { probe } from './probe.ts';
import { readWav, wavFile } from './wav.ts';

const SEED = 71_117;
const RATE = 8_000;
const FORMAT = pcmFormat(1, RATE, 16);
/** What encoders write: 6.5 ms. */
const PRE_SKIP = 312;
const CONTAINERS = ['webm', 'mp4', 'ogg'] as const;

describe('a window of WAV', () => {
  const samples = Int16Array.from({ length: 4 * RATE }, (_, i) => i);
  const recording = wavFile(FORMAT, new Uint8Array(samples.buffer));

  it('has the samples of its span, and says how far the sound reaches', async () => {
    const { window, availableMs } = await cutWindow({ bytes: recording }, { startMs: 1_000, endMs: 1_500 });
    expect(availableMs).toBe(4_000);
    expect(window).toMatchObject({ startMs: 1_000, endMs: 1_500, mimeType: 'audio/wav' });
    expect(samplesOf(window)).toEqual([...samples.subarray(RATE, 1.5 * RATE)]);
  });

  it('and those before and after, from any prefix, have every sample once', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 3_999 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.integer({ min: 44, max: recording.length }), async (at, length) => {
        const bytes = recording.subarray(0, length);
        const found: number[] = [];
        for (const span of spansBetween(at, 4_000)) {
          const { window, availableMs } = await cutWindow({ bytes }, span);
          found.push(...samplesOf(window));
          expect(availableMs).toBe(Math.round(((length - 44) >> 1) / 8));
          if (window !== null) expect([window.startMs, window.endMs]).toEqual(within(span, availableMs));
        }
        const frames = (length - 44) >> 1;
        expect(found).toEqual([...samples.subarray(0, found.length)]);
        // Of what has come last, less than half a millisecond is left for the next time.
        expect(frames - found.length).toBeLessThanOrEqual(0.0005 * RATE);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('is cut from a file whose recorder did not know its length', async () => {
    const growing = recording.slice();
    new DataView(growing.buffer).setUint32(40, 0xffff_ffff, true);
    const { window } = await cutWindow({ bytes: growing }, { startMs: 3_900, endMs: 9_000 });
    expect(window).toMatchObject({ startMs: 3_900, endMs: 4_000 });
  });

  it('runs across segments as if they were one file', async () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 6 });
    const times = fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 4_000 }));
    await fc.assert(
      fc.asyncProperty(lengths, times, async (frames, [startMs, endMs]) => {
        const segments = wavSegments(samples, frames);
        const joined = await joinSegments(each(segments.map(({ bytes }) => bytes.slice())));
        const [apart, whole] = [
          await cutWindow({ segments }, { startMs, endMs }),
          await cutWindow({ bytes: joined.bytes }, { startMs, endMs }),
        ];
        expect(apart.availableMs).toBe(joined.durationMs);
        expect(samplesOf(apart.window)).toEqual(samplesOf(whole.window));
        expect(apart.window?.startMs).toBe(whole.window?.startMs);
        expect(apart.window?.endMs).toBe(whole.window?.endMs);
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it('refuses more than six hours, however short the span', async () => {
    const bytes = wavFile(pcmFormat(1, 1, 8), new Uint8Array(3 * 3_600));
    const segments = [0, 1, 2].map((i) => ({ bytes, startMs: i * 3 * 3_600_000 }));
    const cutting = cutWindow({ segments }, { startMs: 0, endMs: 1_500 });
    await expect(cutting).rejects.toMatchObject({ code: 'too_long' });
  });

  it('refuses segments of different rates by its code', async () => {
    const segments = [FORMAT, pcmFormat(1, 16_000, 16)].map((format, i) => ({
      bytes: wavFile(format, new Uint8Array(2 * RATE)),
      startMs: i * 1_000,
    }));
    const cutting = cutWindow({ segments }, { startMs: 0, endMs: 1_500 });
    await expect(cutting).rejects.toMatchObject({ code: 'segments_differ' });
  });
});

describe.each(CONTAINERS)('a window of %s', (container) => {
  it('begins two packets before its span, and its times are those of its packets', async () => {
    const bytes = await opusFile(container, numbered(100), PRE_SKIP);
    const { window, availableMs } = await cutWindow({ bytes }, { startMs: 1_000, endMs: 1_100 });
    expect(availableMs).toBe(1_994);
    // Packet 50 sounds from 993.5 to 1013.5 ms; the last one is that from 1093.5 on.
    expect(await numbersIn(window)).toEqual([48, 49, 50, 51, 52, 53, 54, 55]);
    expect([window?.startMs, window?.endMs]).toEqual([954, 1_114]);
    const { durationMs, primingMs } = await probe(window?.bytes ?? new Uint8Array());
    expect([durationMs, primingMs]).toEqual([160, 0]);
  });

  it('at the beginning of the recording drops what the recording drops there', async () => {
    const bytes = await opusFile(container, numbered(100), PRE_SKIP);
    for (const startMs of [0, 20, 40]) {
      const { window } = await cutWindow({ bytes }, { startMs, endMs: 50 });
      expect(await numbersIn(window)).toEqual([0, 1, 2]);
      expect([window?.startMs, window?.endMs]).toEqual([0, 54]);
      expect((await probe(window?.bytes ?? new Uint8Array())).primingMs).toBe(6.5);
    }
  });

  it('begins at the beginning when the two packets before it are not yet sound', async () => {
    const bytes = await opusFile(container, numbered(10), 50 * 48);
    const { window } = await cutWindow({ bytes }, { startMs: 40, endMs: 60 });
    // Packets 0 and 1 are dropped, 2 by half: its sound ends at 10 ms, and 4 has 40 ms.
    expect(await numbersIn(window)).toEqual([0, 1, 2, 3, 4, 5]);
    expect([window?.startMs, window?.endMs]).toEqual([0, 70]);
  });

  it('and those before and after have every packet once, but for the ones before their spans', async () => {
    const cuts = fc.array(fc.integer({ min: 1, max: 3_900 }), { maxLength: 8 });
    const recording = await opusFile(container, numbered(200), PRE_SKIP);
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        let expected = 0;
        for (const span of spansBetween(at, 4_000)) {
          const numbers = await numbersIn((await cutWindow({ bytes: recording }, span)).window);
          expect(numbers).toEqual(Array.from(numbers, (_, i) => (numbers[0] ?? 0) + i));
          // The packet in which both sound, and the two before it.
          expect(numbers[0]).toBeGreaterThanOrEqual(Math.max(0, expected - 3));
          expect(numbers[0]).toBeLessThanOrEqual(Math.max(0, expected - 2));
          expected = Math.max(expected, (numbers.at(-1) ?? -1) + 1);
        }
        expect(expected).toBe(200);
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  it('out of segments has the packets and the times of one out of the joined recording', async () => {
    const packet = fc.record({
      frame: fc.constantFrom<20 | 60>(20, 60),
      body: fc.uint8Array({ maxLength: 9 }),
    });
    const segment = fc.array(packet, { minLength: 1, maxLength: 20 });
    const parts = fc.array(segment, { minLength: 1, maxLength: 6 });
    const time = fc.integer({ min: 0, max: 3_000 });
    await fc.assert(
      fc.asyncProperty(parts, time, time, async (packets, startMs, endMs) => {
        const files = await Promise.all(
          packets.map((some) => opusFile(container, some.map(opusPacket), PRE_SKIP)),
        );
        const joined = await joinSegments(each(files));
        const whole = await cutWindow({ bytes: joined.bytes }, { startMs, endMs });
        const segments = await placed(files);
        expect(segments.map((each) => Math.round(each.startMs))).toEqual(
          joined.segments.map((each) => Math.round(each.startMs)),
        );
        const apart = await cutWindow({ segments }, { startMs, endMs });
        expect(apart.availableMs).toBe(joined.durationMs);
        expect(await packetsIn(apart.window)).toEqual(await packetsIn(whole.window));
        expect(apart.window?.startMs).toBe(whole.window?.startMs);
        expect(apart.window?.endMs).toBe(whole.window?.endMs);
      }),
      { seed: SEED, numRuns: 40 },
    );
  });

  it('needs only the segments of its span, and the one before', async () => {
    const files = await Promise.all(
      [0, 1, 2, 3].map((i) => opusFile(container, numbered(50, i * 50), PRE_SKIP)),
    );
    const all = await placed(files);
    const span = { startMs: 2_010, endMs: 2_500 };
    const whole = await cutWindow({ segments: all }, span);
    const some = await cutWindow({ segments: all.slice(1, 3) }, span);
    expect(await numbersIn(some.window)).toEqual(await numbersIn(whole.window));
    expect(some.window?.startMs).toBe(whole.window?.startMs);
    expect([some.availableMs, whole.availableMs]).toEqual([2_994, 3_994]);
    const without = await cutWindow({ segments: all.slice(2, 3) }, span);
    expect(await numbersIn(without.window)).toEqual((await numbersIn(whole.window)).filter((n) => n >= 100));
    expect(without.window?.startMs).toBe(2_000);
  });

  it('ends where a segment is missing; the next begins behind the hole', async () => {
    const files = await Promise.all([0, 1, 2].map((i) => opusFile(container, numbered(50, i * 50))));
    const segments = (await placed(files)).filter((_, i) => i !== 1);
    const before = await cutWindow({ segments }, { startMs: 900, endMs: 2_100 });
    expect([before.window?.startMs, before.window?.endMs, before.availableMs]).toEqual([860, 1_000, 3_000]);
    const after = await cutWindow({ segments }, { startMs: 1_000, endMs: 2_100 });
    expect([after.window?.startMs, after.window?.endMs]).toEqual([2_000, 2_100]);
    expect((await cutWindow({ segments }, { startMs: 1_000, endMs: 2_000 })).window).toBeNull();
  });

  it('is not, where nothing sounds', async () => {
    const bytes = await opusFile(container, numbered(50));
    for (const [startMs, endMs] of [
      [1_000, 2_000],
      [-500, 0],
      [500, 500],
      [600, 500],
      [Number.NaN, Number.NaN],
    ] as const) {
      expect(await cutWindow({ bytes }, { startMs, endMs })).toEqual({ window: null, availableMs: 1_000 });
    }
    const all = await cutWindow(
      { bytes },
      { startMs: Number.NEGATIVE_INFINITY, endMs: Number.POSITIVE_INFINITY },
    );
    expect(await numbersIn(all.window)).toHaveLength(50);
  });
});

describe('what has arrived of a growing file', () => {
  it.each(['webm', 'ogg'] as const)(
    '%s: is cut up to the last whole block, wherever it ends',
    async (container) => {
      const whole = await opusFile(container, numbered(60), PRE_SKIP);
      let longest = 0;
      for (let length = 0; length <= whole.length; length += 1) {
        const bytes = whole.subarray(0, length);
        const { window, availableMs } = await cutWindow({ bytes }, { startMs: longest / 2, endMs: 5_000 });
        expect(availableMs).toBeGreaterThanOrEqual(longest);
        longest = availableMs;
        if (availableMs === 0) expect(window).toBeNull();
        else expect(window?.endMs).toBe(availableMs);
      }
      expect(longest).toBe(1_194);
    },
  );

  it('is nothing yet when there are no segments, or ones without sound', async () => {
    const wav = wavFile(FORMAT, new Uint8Array());
    for (const segments of [[], [{ bytes: wav, startMs: 0 }]]) {
      expect(await cutWindow({ segments }, { startMs: 0, endMs: 9 })).toEqual({
        window: null,
        availableMs: 0,
      });
    }
    expect(await cutWindow({ bytes: wav }, { startMs: 0, endMs: 9 })).toEqual({
      window: null,
      availableMs: 0,
    });
  });

  it('is refused by its code when it is none of a recorder’s files', async () => {
    const mp3 = Uint8Array.from([0xff, 0xfb, 0x90, 0x00, ...new Uint8Array(400)]);
    for (const [bytes, code] of [
      [Buffer.from('hello, this is text'), 'not_audio'],
      [mp3, 'unsupported'],
      [Uint8Array.from([0x1a, 0x45, 0xdf, 0xa3, ...new Uint8Array(9_000)]), 'unreadable'],
    ] as const) {
      await expect(cutWindow({ bytes }, { startMs: 0, endMs: 1 })).rejects.toMatchObject({ code });
    }
  });
});

/** The spans between these times. */
function spansBetween(times: readonly number[], endMs: number): { startMs: number; endMs: number }[] {
  const bounds = [...new Set([0, ...times, endMs])].sort((a, b) => a - b);
  return bounds.slice(1).map((bound, i) => ({ startMs: bounds[i] ?? 0, endMs: bound }));
}

function within({ startMs, endMs }: { startMs: number; endMs: number }, availableMs: number) {
  return [startMs, Math.min(endMs, availableMs)];
}

function samplesOf(window: MediaWindow | null): number[] {
  if (window === null) return [];
  const { dataStart, dataBytes } = readWav(window.bytes);
  return [...new Int16Array(window.bytes.slice(dataStart, dataStart + dataBytes).buffer)];
}

/** So many samples of the sound each, in order. */
function wavSegments(sound: Int16Array, frames: readonly number[]): ArrivedSegment[] {
  let at = 0;
  return frames.map((count) => {
    const startMs = at / (RATE / 1_000);
    const bytes = wavFile(FORMAT, new Uint8Array(sound.slice(at, at + count).buffer));
    at += count;
    return { bytes, startMs };
  });
}

/** Packets of 20 ms that say which they are. */
function numbered(count: number, from = 0): Uint8Array[] {
  return Array.from({ length: count }, (_, i) =>
    opusPacket({ frame: 20, body: Uint8Array.of(from + i, 1, 2, 3) }),
  );
}

async function packetsIn(window: MediaWindow | null): Promise<Buffer[]> {
  if (window === null) return [];
  const container = CONTAINERS.find((each) => window.mimeType.endsWith(each)) ?? 'webm';
  const { packets } = await readPacketTable(window.bytes, container);
  return Array.from({ length: packets.length }, (_, i) => Buffer.from(packets.data(i)));
}

async function numbersIn(window: MediaWindow | null): Promise<number[]> {
  return (await packetsIn(window)).map((packet) => packet[1] ?? -1);
}

/** Where each begins, by what `probe` says: as a caller finds it. */
async function placed(files: readonly Uint8Array[]): Promise<ArrivedSegment[]> {
  const segments: ArrivedSegment[] = [];
  let endMs = 0;
  for (const bytes of files) {
    const { lengthMs, primingMs } = await probe(bytes);
    const startMs = segments.length === 0 ? 0 : endMs + primingMs;
    segments.push({ bytes, startMs });
    endMs = startMs - primingMs + lengthMs;
  }
  return segments;
}

async function* each(files: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* files;
}
