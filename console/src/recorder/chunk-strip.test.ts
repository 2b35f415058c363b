import { describe, expect, it } from '@jest/globals';
import type { ChunkView } from '@thankly/voice-client';
import { chunkStrip } from './chunk-strip.ts';

const chunks = (states: string): ChunkView[] =>
  [...states].map((letter, index) => ({
    index,
    bytes: 1_000,
    state: letter === 'a' ? 'acknowledged' : letter === 's' ? 'sending' : 'waiting',
    failures: letter === 's' ? 2 : 0,
  }));

describe('the strip of chunks', () => {
  it('counts where they stand', () => {
    expect(chunkStrip(chunks('aaassw'))).toMatchObject({
      counts: { acknowledged: 3, sending: 2, waiting: 1 },
      failures: 4,
      earlier: 0,
    });
    expect(chunkStrip([])).toMatchObject({ earlier: 0, shown: [] });
  });

  it('leaves out received ones at the beginning when there are many', () => {
    const strip = chunkStrip(chunks('aaaaaaaasw'), 4);
    expect(strip.earlier).toBe(6);
    expect(strip.shown.map(({ index }) => index)).toEqual([6, 7, 8, 9]);
    expect(chunkStrip(chunks('aaaaaaaaaa'), 4).earlier).toBe(6);
  });

  it('always shows those that have not arrived', () => {
    const strip = chunkStrip(chunks('aawwwwwwww'), 4);
    expect(strip.earlier).toBe(2);
    expect(strip.shown).toHaveLength(8);
  });
});
