import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { picture, sampleFor } from './samples.ts';

describe('what is said', () => {
  it('is tones until the provider is known, and to the sandbox; speech to any other', () => {
    expect(sampleFor(undefined)).toMatchObject({ mimeType: 'audio/wav', heardAtLeast: 1, durationMs: 6_000 });
    expect(sampleFor('sandbox').words.slice(0, 2)).toEqual(['500', '501']);
    const { mimeType, bytes, words } = sampleFor('openai');
    expect(mimeType).toBe('audio/ogg;codecs=opus');
    expect(Buffer.from(bytes.subarray(0, 4)).toString()).toBe('OggS');
    expect(words).toHaveLength(14);
  });

  it('comes with a picture that others can read', async () => {
    const { bytes, mimeType } = picture();
    expect(mimeType).toBe('image/png');
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height, info.channels]).toEqual([64, 64, 3]);
    expect([...data.subarray(0, 3)]).toEqual([30, 60, 140]);
  });
});
