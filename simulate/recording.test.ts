import { describe, expect, it } from '@jest/globals';
import { listen } from '../src/ai/sandbox/listen.ts';
import { soundOf } from './recording.ts';

describe('what a virtual phone sends', () => {
  it('is heard as numbered words, however it is cut', async () => {
    const { good, durationMs } = soundOf(3);
    expect(durationMs).toBe(1_500);
    expect([good.whole.length, good.inChunks.length]).toEqual([1, 2]);
    const joined = Buffer.concat(good.inChunks.map(({ bytes }) => bytes));
    expect(joined.equals(good.whole[0]?.bytes ?? Buffer.alloc(0))).toBe(true);
    const { words } = await listen(new Uint8Array(joined));
    expect(words.map(({ word }) => word)).toEqual(['100', '101', '102']);
  });

  it('is silence with no words', async () => {
    const [whole] = soundOf(0).good.whole;
    expect(await listen(new Uint8Array(whole?.bytes ?? []))).toEqual({ durationMs: 1_500, words: [] });
  });

  it('is no sound at all when it is to fail', async () => {
    const [whole] = soundOf(3).broken.whole;
    await expect(listen(new Uint8Array(whole?.bytes ?? []))).rejects.toMatchObject({ code: 'not_audio' });
  });
});
