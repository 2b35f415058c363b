import { describe, expect, it } from '@jest/globals';
import { dtmfSamples, mulberry32, numberedWords } from './dtmf/encode.ts';
import { listen } from './listen.ts';
import { wavBytes } from './wav-file.ts';

const RATE = 16_000;
const words = numberedWords(10, 40);
const spoken = (heard: Awaited<ReturnType<typeof listen>>) => heard.words.map(({ word }) => word);

/** Something that sounds like a voice to an energy detector: bursts of harmonics with pauses between. */
function murmur(seconds: number, level = 0.2): Float32Array {
  return Float32Array.from({ length: seconds * RATE }, (_, i) => {
    const t = i / RATE;
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 3 * t)) * (t % 2 < 1.5 ? 1 : 0);
    const voice = [1, 2, 3, 4, 5].reduce((sum, n) => sum + Math.sin(2 * Math.PI * 130 * n * t) / n, 0);
    return level * syllable * voice;
  });
}

function noise(seconds: number, level: number): Float32Array {
  const random = mulberry32(9);
  return Float32Array.from({ length: seconds * RATE }, () => (random() * 2 - 1) * level);
}

/** A WAV of another sample format than 16 bits, stereo if asked for, with the header's length as given. */
function wavOf(
  samples: Float32Array,
  {
    bits,
    float = false,
    channels = 1,
    length,
  }: { bits: number; float?: boolean; channels?: number; length?: number },
): Buffer {
  const bytes = bits / 8;
  const data = Buffer.alloc(samples.length * bytes * channels);
  for (const [i, sample] of samples.entries()) {
    for (let channel = 0; channel < channels; channel++) {
      const at = (i * channels + channel) * bytes;
      if (float) data.writeFloatLE(sample, at);
      else if (bits === 8) data.writeUInt8(Math.round(sample * 127) + 128, at);
      else data.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), at, bytes);
    }
  }
  const header = Buffer.from(wavBytes(new Float32Array(), RATE));
  header.writeUInt32LE(36 + data.length, 4);
  header.writeUInt16LE(float ? 3 : 1, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(RATE * bytes * channels, 28);
  header.writeUInt16LE(bytes * channels, 32);
  header.writeUInt16LE(bits, 34);
  header.writeUInt32LE(length ?? data.length, 40);
  return Buffer.concat([header, data]);
}

describe('listening to a WAV file', () => {
  it.each([
    ['8 bits', { bits: 8 }],
    ['16 bits, stereo', { bits: 16, channels: 2 }],
    ['24 bits', { bits: 24 }],
    ['32 bits', { bits: 32 }],
    ['32-bit floats, stereo', { bits: 32, float: true, channels: 2 }],
    ['a streaming header of length 0', { bits: 16, length: 0 }],
    ['a streaming header of length 0xFFFFFFFF', { bits: 16, length: 0xffff_ffff }],
    ['a header that promises more than is there', { bits: 16, length: 10_000_000 }],
  ])('hears the words of %s', async (_, format) => {
    const heard = await listen(wavOf(dtmfSamples(words), format));
    expect(spoken(heard)).toEqual(words);
    expect(heard.durationMs).toBe(5_000);
    expect(heard.speech).toBeUndefined();
  });

  it('hears what is left of a file that was cut in the middle of a sample', async () => {
    const whole = wavBytes(dtmfSamples(words), RATE);
    const heard = await listen(whole.subarray(0, 44 + RATE * 2 * 2 + 1));
    expect(spoken(heard)).toEqual(['040', '041', '042', '043']);
  });

  it('finds nothing in silence, nor in a steady hiss', async () => {
    expect(await listen(wavBytes(new Float32Array(RATE), RATE))).toEqual({ durationMs: 1_000, words: [] });
    expect(await listen(wavBytes(noise(3, 0.02), RATE))).toEqual({ durationMs: 3_000, words: [] });
  });

  it('hears words through a hiss as loud as would pass for speech', async () => {
    const heard = await listen(wavBytes(dtmfSamples(words, { noise: 0.05 }), RATE));
    expect(spoken(heard)).toEqual(words);
  });

  it('takes for speech what sounds and is not tones, and says how long it sounds', async () => {
    const { words: none, speech, durationMs } = await listen(wavBytes(murmur(6), RATE));
    expect(none).toEqual([]);
    expect(durationMs).toBe(6_000);
    expect(speech?.samples.length).toBe(6 * RATE);
    // Three bursts of 1.5 s, their own pauses of a sixth of a second bridged.
    expect(speech?.soundingMs).toBeGreaterThan(3_900);
    expect(speech?.soundingMs).toBeLessThan(4_600);
  });

  it('takes a recording for speech when tones are only a small part of it', async () => {
    const samples = murmur(8);
    samples.set(dtmfSamples(['123']), 4 * RATE);
    const heard = await listen(wavBytes(samples, RATE));
    expect(heard.words).toEqual([]);
    expect(heard.speech).toBeDefined();
  });

  it('hears the same in the same', async () => {
    const file = wavBytes(dtmfSamples(words, { noise: 0.02 }), RATE);
    expect(await listen(file)).toEqual(await listen(file));
  });
});
