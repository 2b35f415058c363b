import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opusFile, opusPacket, pcmFormat } from '../../test/support/sound-files.ts';
import { joinSegments } from './join-segments.ts';
import { readPacketTable } from './packet-table.ts';
import { probe } from './probe.ts';
import { wavFile } from './wav.ts';

const SEED = 4_711;

describe('joinSegments', () => {
  it.each(['webm', 'mp4', 'ogg'] as const)(
    'keeps every packet of any number of %s segments, once and in order',
    async (container) => {
      const packet = fc.record({
        frame: fc.constantFrom<20 | 60>(20, 60),
        body: fc.uint8Array({ minLength: 1, maxLength: 40 }),
      });
      const segment = fc.array(packet, { minLength: 1, maxLength: 12 });
      await fc.assert(
        fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 8 }), async (segments) => {
          const files: Uint8Array[] = [];
          for (const packets of segments) files.push(await opusFile(container, packets.map(opusPacket)));
          const joined = await joinSegments(each(files), files.length);
          const { packets } = await readPacketTable(joined.bytes, container);
          const sent = segments.flat().map((each) => Buffer.from(opusPacket(each)).toString('hex'));
          const found = Array.from({ length: packets.length }, (_, i) =>
            Buffer.from(packets.data(i)).toString('hex'),
          );
          expect(found).toEqual(sent);
          const totalMs = segments.flat().reduce((sum, { frame }) => sum + frame, 0);
          expect(joined.durationMs).toBe(totalMs);
          expect(joined.segments.map(({ startMs }) => Math.round(startMs))).toEqual(startsOf(segments));
        }),
        { seed: SEED, numRuns: 25 },
      );
    },
  );

  it('joins WAVs to exactly their samples, for any number and odd lengths', async () => {
    const format = pcmFormat(1, 8_000, 8);
    const samples = fc.array(fc.uint8Array({ minLength: 1, maxLength: 500 }), {
      minLength: 1,
      maxLength: 10,
    });
    await fc.assert(
      fc.asyncProperty(samples, async (parts) => {
        const joined = await joinSegments(each(parts.map((part) => wavFile(format, part))));
        expect(sha(joined.bytes)).toBe(sha(wavFile(format, Buffer.concat(parts))));
        expect(joined.mimeType).toBe('audio/wav');
      }),
      { seed: SEED, numRuns: 50 },
    );
  });

  it('refuses WAVs of different rates, naming the code', async () => {
    const [a, b] = [8_000, 16_000].map((rate) => wavFile(pcmFormat(1, rate, 16), new Uint8Array(100)));
    await expect(joinSegments(each([a as Uint8Array, b as Uint8Array]))).rejects.toMatchObject({
      code: 'segments_differ',
    });
  });

  it('refuses nothing at all', async () => {
    await expect(joinSegments(each([]))).rejects.toMatchObject({ code: 'empty' });
  });

  it('asks for one segment at a time', async () => {
    const format = pcmFormat(1, 8_000, 16);
    const log: string[] = [];
    async function* segments() {
      for (const index of [1, 2, 3]) {
        log.push(`give ${index}`);
        yield wavFile(format, new Uint8Array(10));
        log.push(`took ${index}`);
      }
    }
    await joinSegments(segments());
    expect(log).toEqual(['give 1', 'took 1', 'give 2', 'took 2', 'give 3', 'took 3']);
  });
});

describe('an Opus file cut at any byte', () => {
  it.each(['webm', 'mp4'] as const)('%s: is read to the cut or refused by a code', async (container) => {
    const packets = Array.from({ length: 80 }, (_, i) =>
      opusPacket({ frame: 20, body: new Uint8Array(20).fill(i) }),
    );
    const whole = await opusFile(container, packets);
    let longest = 0;
    for (let length = 0; length < whole.length; length += 1) {
      const probed = await probe(whole.subarray(0, length)).catch((error: unknown) => {
        expect(['empty', 'not_audio', 'unreadable']).toContain((error as { code?: string }).code);
        return null;
      });
      if (probed === null) continue;
      expect(probed.durationMs % 20).toBe(0);
      expect(probed.durationMs).toBeGreaterThanOrEqual(longest);
      longest = probed.durationMs;
    }
    // The index of a plain mp4 is its end: without it there is nothing to read.
    if (container === 'webm') expect(longest).toBe(1_600);
  });

  it('is not kept busy by noise behind a right beginning', async () => {
    const whole = await opusFile('webm', [opusPacket({ frame: 20, body: new Uint8Array(20) })]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.uint8Array({ maxLength: 300 }), async (at, noise) => {
        const bytes = Uint8Array.from([...whole.subarray(0, at), ...noise]);
        await probe(bytes).catch((error: unknown) => expect(error).toHaveProperty('code'));
      }),
      { seed: SEED, numRuns: 200 },
    );
  });
});

function startsOf(segments: readonly (readonly { readonly frame: number }[])[]): number[] {
  let at = 0;
  return segments.map((packets) => {
    const start = at;
    at += packets.reduce((sum, { frame }) => sum + frame, 0);
    return start;
  });
}

it('refuses a file that names no channels, which can be read and not be written', async () => {
  const file = await opusFile('webm', [opusPacket({ frame: 20, body: Uint8Array.of(1, 2, 3) })]);
  // EBML: the element Channels (0x9F), of one byte.
  file[Buffer.from(file).indexOf(Uint8Array.of(0x9f, 0x81, 1)) + 2] = 0;
  await expect(joinSegments(each([file]))).rejects.toMatchObject({ name: 'MediaError', code: 'unreadable' });
});

async function* each(files: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* files;
}

function sha(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
