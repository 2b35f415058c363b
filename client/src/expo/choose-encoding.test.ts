import { describe, expect, it } from '@jest/globals';
import { chooseEncoding } from './choose-encoding.ts';

describe('the encoding', () => {
  it('is PCM on a link that carries it twice and a half, ADPCM on one that does not carry it once and a half', () => {
    expect(chooseEncoding('ima-adpcm', 125_000)).toBe('pcm');
    expect(chooseEncoding('pcm', 32_000)).toBe('ima-adpcm');
  });

  it('stays as it was in between, and while nothing was measured', () => {
    expect([null, 48_000, 64_000, 79_999].map((speed) => chooseEncoding('pcm', speed))).toEqual(
      Array(4).fill('pcm'),
    );
    expect([null, 48_000, 64_000, 79_999].map((speed) => chooseEncoding('ima-adpcm', speed))).toEqual(
      Array(4).fill('ima-adpcm'),
    );
  });
});
