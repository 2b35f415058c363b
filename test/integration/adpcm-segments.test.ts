/**
 * What phones on slow links send: IMA ADPCM by the client's encoder, in segments, alone and mixed with PCM. Judged by
 * counting samples, by the noise that four bits make, and by what the whole application writes down of it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createWavCutter } from '../../client/src/expo/cut-into-wavs.ts';
import { decodeImaAdpcm, encodeImaAdpcm } from '../../client/src/expo/ima-adpcm.ts';
import { type SoundEncoding, wavFile } from '../../client/src/expo/wav-file.ts';
import { decodeWav } from '../../src/ai/sandbox/decode-wav.ts';
import { dtmfSamples, numberedWords } from '../../src/ai/sandbox/dtmf/encode.ts';
import { createMedia } from '../../src/media/create-media.ts';
import { cutWav } from '../../src/media/cut-wav.ts';
import { joinWavs } from '../../src/media/join-wavs.ts';
import type { Media } from '../../src/media/media.ts';
import { probe } from '../../src/media/probe.ts';
import { wavPcm } from '../../src/media/wav-pcm.ts';
import { startApplication, type TestApplication } from '../support/application.ts';
import { httpClient } from '../support/http-client.ts';
import { sessionEvents } from '../support/session-events.ts';

const RATE = 16_000;

const adpcm = (sound: Int16Array) =>
  wavFile({ encoding: 'ima-adpcm', sampleRate: RATE }, sound.length, encodeImaAdpcm(sound));
const pcm = (sound: Int16Array) =>
  wavFile({ encoding: 'pcm', sampleRate: RATE }, sound.length, new Uint8Array(sound.slice().buffer));
const asInt16 = (samples: Float32Array) =>
  Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));

function samplesOf(bytes: Uint8Array): Int16Array {
  const { slice, frames } = wavPcm(bytes);
  return new Int16Array(slice(0, frames).slice().buffer);
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}
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

/** Two tones and a little noise, of any length: what ADPCM is for. (White noise is not: it cannot be predicted.) */
const sounds = fc
  .record({
    length: fc.integer({ min: 400, max: 6_000 }),
    level: fc.integer({ min: 1_000, max: 15_000 }),
    low: fc.integer({ min: 150, max: 900 }),
    high: fc.integer({ min: 900, max: 1_600 }),
    phase: fc.double({ min: 0, max: 6, noNaN: true }),
  })
  .map(({ length, level, low, high, phase }) =>
    Int16Array.from({ length }, (_, i) => {
      const turn = (2 * Math.PI * i) / RATE;
      return Math.round(level * (Math.sin(low * turn + phase) + Math.sin(high * turn)));
    }),
  );

describe('a file of the client’s ADPCM', () => {
  it('has as many samples as were recorded, 15 dB above their error', async () => {
    await fc.assert(
      fc.asyncProperty(sounds, async (sound) => {
        const file = adpcm(sound);
        const heard = samplesOf(file);
        expect(heard).toHaveLength(sound.length);
        expect(signalToNoise(sound, heard)).toBeGreaterThan(15);
        expect((await probe(file)).durationMs).toBe(Math.round((sound.length * 1_000) / RATE));
      }),
    );
  });

  it('is decoded to the bit as the client decodes it, whatever the sound', () => {
    fc.assert(
      fc.property(fc.int16Array({ minLength: 1, maxLength: 3_000 }), (sound) => {
        expect(same(samplesOf(adpcm(sound)), decodeImaAdpcm(encodeImaAdpcm(sound), sound.length))).toBe(true);
      }),
    );
  });

  it('is heard by the provider’s double as its PCM is', () => {
    const sound = asInt16(dtmfSamples(numberedWords(3), { rate: RATE }));
    const file = adpcm(sound);
    expect([...decodeWav(file)]).toEqual([...decodeWav(pcm(samplesOf(file)))]);
  });

  it('is cut for a provider without a sample lost or doubled', () => {
    fc.assert(
      fc.property(
        fc.int16Array({ minLength: 300, maxLength: 9_000 }),
        fc.integer({ min: 200, max: 3_000 }),
        (sound, max) => {
          const file = adpcm(sound);
          const windows = [...cutWav(file, max)].map(({ bytes }) => bytes);
          expect(windows.every(({ length }) => length <= max)).toBe(true);
          const whole = Int16Array.from(windows.flatMap((window) => [...samplesOf(window)]));
          expect(same(whole, samplesOf(file))).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('segments', () => {
  it('of both encodings, of any length, are joined without a sample lost or doubled', async () => {
    const segments = fc.array(
      fc.record({ sound: fc.int16Array({ minLength: 1, maxLength: 2_000 }), coded: fc.boolean() }),
      { minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(segments, async (parts) => {
        const files = parts.map(({ sound, coded }) => (coded ? adpcm(sound) : pcm(sound)));
        const joined = await joinWavs(each(files), files.length);
        const expected = Int16Array.from(files.flatMap((file) => [...samplesOf(file)]));
        expect(same(samplesOf(joined.bytes), expected)).toBe(true);
        expect(expected).toHaveLength(parts.reduce((sum, { sound }) => sum + sound.length, 0));
        for (const [i, { sound }] of parts.entries()) {
          expect(joined.segments[i]?.durationMs).toBe((sound.length / RATE) * 1_000);
        }
      }),
    );
  });
});

describe('in the media room', () => {
  let media: Media;
  beforeAll(() => {
    media = createMedia();
  });
  afterAll(() => media.close());

  it('ten minutes of segments become one file', async () => {
    const five = adpcm(Int16Array.from({ length: 5 * RATE }, (_, i) => Math.round(9_000 * Math.sin(i / 7))));
    const segments = Array.from({ length: 120 }, () => async () => five.slice());
    const { bytes, durationMs } = await media.joinSegments(segments, 'audio/wav');
    expect([bytes.length, durationMs]).toEqual([44 + 600 * RATE * 2, 600_000]);
    expect(await media.probe(bytes, 'audio/wav')).toMatchObject({ codec: 'pcm_s16le', durationMs: 600_000 });
  });
});

describe('a recording in the whole application', () => {
  const words = numberedWords(40, 300);
  const sound = asInt16(dtmfSamples(words, { rate: RATE, pauseEvery: 12 }));
  let application: TestApplication;
  let me: ReturnType<typeof httpClient>;
  beforeAll(async () => {
    application = await startApplication();
    me = httpClient(application.url, await application.token('me'));
  }, 120_000);
  afterAll(async () => {
    await application?.stop();
  });

  /** As a phone makes them: five seconds each, the encoding chosen for each. */
  function segmentsOf(encodings: readonly SoundEncoding[]): Uint8Array[] {
    let made = 0;
    const encoding = () => encodings[made++ % encodings.length] ?? 'pcm';
    const cutter = createWavCutter({ encoding, sampleRate: RATE }, 5);
    return [...cutter.push(sound), cutter.end()].flatMap((capture) =>
      capture === null ? [] : [capture.bytes],
    );
  }

  async function understood(chunks: readonly Uint8Array[], mode: string, how: string): Promise<void> {
    const id = await me.upload(chunks, { segmenting: { mode, seconds: 5 } });
    expect((await me.complete(id, chunks)).status).toBe(202);
    const { state, transcript } = await me.statusWhen(id, me.ended);
    expect({ state, text: transcript?.text }).toEqual({ state: 'completed', text: words.join(' ') });
    // Not one by one, which is what is left when joining failed.
    const merged = (await sessionEvents(application, id)).filter(({ type }) => type === 'RecordingMerged');
    const durationMs = Math.round((sound.length * 1_000) / RATE);
    expect(merged).toMatchObject([{ data: { how, durationMs, truncated: false } }]);
  }

  it.each<[string, SoundEncoding[]]>([
    ['ADPCM', ['ima-adpcm']],
    ['PCM and ADPCM in turn', ['pcm', 'ima-adpcm', 'ima-adpcm']],
  ])('of segments of %s is understood word by word', async (_, encodings) => {
    const segments = segmentsOf(encodings);
    expect(segments.length).toBeGreaterThan(3);
    await understood(segments, 'segments', 'remuxed');
  });

  it('that is one file of ADPCM is understood, in one piece and in slices', async () => {
    const file = adpcm(sound);
    await understood([file], 'segments', 'as-is');
    const third = Math.ceil(file.length / 3);
    const slices = [0, 1, 2].map((i) => file.subarray(i * third, (i + 1) * third));
    await understood(slices, 'slices', 'concatenated');
  });
});
