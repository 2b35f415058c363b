import { afterEach, describe, expect, it } from '@jest/globals';
import { opusFile, opusPacket, pcmFormat } from '../../test/support/sound-files.ts';
import { createMedia } from './create-media.ts';
import type { Media } from './media.ts';
import type { PoolOptions } from './pool.ts';
import { wavFile } from './wav.ts';

let media: Media | undefined;

function open(options: Partial<PoolOptions> = {}): Media {
  media = createMedia(options);
  return media;
}

afterEach(async () => {
  await media?.close();
});

describe('createMedia', () => {
  it('joins ten minutes without holding the event loop', async () => {
    const segment = await recorded(500);
    const { joinSegments } = open();
    const heldMs: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      const loop = watchLoop();
      const joined = await joinSegments(times(60, segment), 'audio/webm');
      heldMs.push(await loop.stop());
      expect(joined.durationMs).toBe(600_000);
      expect(joined.segments).toHaveLength(60);
    }
    // The goal is 50 ms; a machine that runs other tests besides may pause us for longer than we do.
    expect(Math.min(...heldMs)).toBeLessThan(100);
  });

  it('probes ten minutes where it is called and leaves the bytes to the caller', async () => {
    const bytes = await recorded(30_000);
    const length = bytes.length;
    expect(await open().probe(bytes, 'audio/webm')).toMatchObject({ durationMs: 600_000, codec: 'opus' });
    expect(bytes.length).toBe(length);
  });

  it('cuts in a worker what is too large', async () => {
    const bytes = await recorded(5_000);
    const windows = [...(await open().cutForProvider(bytes, 'audio/webm', { maxBytes: 60_000 }))];
    expect(windows.length).toBe(3);
    expect(windows.at(-1)?.endMs).toBe(100_000);
  });

  it('cuts a window out of ten minutes that are still arriving, soon and without holding the event loop', async () => {
    const bytes = await recorded(30_000);
    const copy = bytes.slice();
    const { cutWindow } = open();
    const cut = (startMs: number) => cutWindow({ bytes }, 'audio/webm', { startMs, endMs: startMs + 15_000 });
    const tookMs: number[] = [];
    const heldMs: number[] = [];
    for (let time = 0; time < 8; time += 1) {
      const loop = watchLoop();
      const began = performance.now();
      const { window, availableMs } = await cut(580_000);
      tookMs.push(performance.now() - began);
      heldMs.push(await loop.stop());
      expect([availableMs, window?.startMs, window?.endMs]).toEqual([600_000, 579_960, 595_000]);
    }
    // The goals are 50 and 10 ms; here the first ones warm, the test runner slows, and other tests run besides.
    expect(Math.min(...tookMs)).toBeLessThan(200);
    expect(Math.min(...heldMs)).toBeLessThan(80);
    expect(Buffer.from(bytes).equals(copy)).toBe(true);
  });

  it.each([
    ['in place', 10_000],
    ['in a worker', 90_000],
  ])('leaves what has arrived to the caller, also what is cut %s', async (_, spanMs) => {
    const memory = new Uint8Array(64 + (await recorded(5_000)).length);
    memory.set(await recorded(5_000), 64);
    const bytes = memory.subarray(64);
    const copy = memory.slice();
    const { cutWindow } = open();
    for (const arrived of [{ bytes }, { segments: [{ bytes, startMs: 0 }] }]) {
      const { window } = await cutWindow(arrived, 'audio/webm', { startMs: 0, endMs: spanMs });
      expect(window?.endMs).toBe(spanMs);
      expect(window?.bytes.buffer).not.toBe(memory.buffer);
    }
    expect(Buffer.from(memory).equals(copy)).toBe(true);
  });

  it('says by its code what is wrong with what has arrived, from the worker too', async () => {
    const good = await opusFile('ogg', [opusPacket({ frame: 20, body: new Uint8Array(9) })]);
    const segments = [
      { bytes: good, startMs: 0 },
      { bytes: Buffer.from('not audio at all'), startMs: 20 },
    ];
    const wav = wavFile(pcmFormat(1, 8_000, 16), new Uint8Array(99));
    const span = { startMs: 0, endMs: 1_000 };
    const { cutWindow } = open();
    for (const [arrived, code] of [
      [{ segments }, 'not_audio'],
      [{ segments: [...segments.slice(0, 1), { bytes: wav, startMs: 20 }] }, 'segments_differ'],
      [{ bytes: Buffer.from('not audio at all') }, 'not_audio'],
    ] as const) {
      await expect(cutWindow(arrived, 'audio/ogg', span)).rejects.toMatchObject({ name: 'MediaError', code });
    }
  });

  it('answers several joins at once', async () => {
    const segment = await recorded(50);
    const { joinSegments } = open();
    const joins = Array.from({ length: 6 }, (_, i) => joinSegments(times(i + 1, segment), 'audio/webm'));
    expect((await Promise.all(joins)).map(({ durationMs }) => durationMs)).toEqual([
      1_000, 2_000, 3_000, 4_000, 5_000, 6_000,
    ]);
  });

  it('says by its code what is wrong with a segment, from the worker too', async () => {
    const good = await recorded(10);
    const segments = [async () => good.slice(), async () => Buffer.from('not audio')];
    await expect(open().joinSegments(segments, 'audio/webm')).rejects.toMatchObject({
      name: 'MediaError',
      code: 'not_audio',
    });
  });

  it('hands on what reading a segment threw, and goes on working', async () => {
    const good = await recorded(10);
    const broken = new Error('the store is away');
    const { joinSegments } = open({ threads: 1 });
    const segments = [async () => good.slice(), () => Promise.reject(broken)];
    await expect(joinSegments(segments, 'audio/webm')).rejects.toBe(broken);
    expect(await joinSegments([async () => good.slice()], 'audio/webm')).toMatchObject({ durationMs: 200 });
  });

  it('ends a worker that takes too long, and goes on with another', async () => {
    const segment = await recorded(20_000);
    const { joinSegments } = open({ threads: 1, timeoutMs: 2 });
    await expect(joinSegments(times(3, segment), 'audio/webm')).rejects.toMatchObject({
      code: 'media_timeout',
    });
    await media?.close();
    expect(await open().joinSegments(times(1, segment), 'audio/webm')).toMatchObject({ durationMs: 400_000 });
  });

  it('does not count the time that reading a segment takes', async () => {
    const good = await recorded(10);
    let release: (bytes: Uint8Array) => void = () => undefined;
    const slow = new Promise<Uint8Array>((resolve) => {
      release = resolve;
    });
    const { joinSegments } = open({ threads: 1, timeoutMs: 400 });
    const joined = joinSegments([async () => good.slice(), () => slow], 'audio/webm');
    setTimeout(() => release(good.slice()), 900);
    expect(await joined).toMatchObject({ durationMs: 400 });
  });

  it('refuses work when enough waits', async () => {
    const segment = await recorded(10);
    const { joinSegments } = open({ threads: 1, queue: 1 });
    const joins = Array.from({ length: 8 }, () => joinSegments(times(1, segment), 'audio/webm'));
    const results = await Promise.allSettled(joins);
    const refused = results.filter((result) => result.status === 'rejected').map(({ reason }) => reason.code);
    expect(refused.length).toBeGreaterThanOrEqual(6);
    expect(new Set(refused)).toEqual(new Set(['media_busy']));
  });

  it('fails what is under way when it is closed', async () => {
    const never = new Promise<Uint8Array>(() => undefined);
    const good = await recorded(10);
    const { joinSegments, close } = open();
    const joined = joinSegments([async () => good, () => never], 'audio/webm');
    const failed = expect(joined).rejects.toMatchObject({ code: 'media_crashed' });
    await joinSegments([async () => good.slice()], 'audio/webm').catch(() => undefined);
    await close();
    await failed;
  });
});

function times(count: number, segment: Uint8Array): (() => Promise<Uint8Array>)[] {
  return Array.from({ length: count }, () => async () => segment.slice());
}

/** WebM of so many packets of 20 ms. */
function recorded(packets: number): Promise<Uint8Array> {
  const packet = opusPacket({ frame: 20, body: new Uint8Array(23).fill(8) });
  return opusFile('webm', new Array<Uint8Array>(packets).fill(packet));
}

/** The longest time between two turns of the event loop. */
function watchLoop(): { stop(): Promise<number> } {
  let last = performance.now();
  let longest = 0;
  const tick = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(tick, 1);
  return {
    stop: async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      clearInterval(timer);
      return longest;
    },
  };
}
