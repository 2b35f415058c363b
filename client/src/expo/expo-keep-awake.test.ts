import { describe, expect, it } from '@jest/globals';
import { createExpoKeepAwake } from './expo-keep-awake.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('keeping the screen on', () => {
  it('ends once, after it was granted, each by its own tag', async () => {
    const calls: string[] = [];
    const hold = createExpoKeepAwake({
      activateKeepAwakeAsync: async (tag) => {
        await settle();
        calls.push(`on ${tag}`);
      },
      deactivateKeepAwake: async (tag) => void calls.push(`off ${tag}`),
    });
    const [first, second] = [hold(), hold()];
    first.release();
    first.release();
    await settle();
    await settle();
    expect(calls).toHaveLength(3);
    expect(calls.indexOf('off thankly-recording-0')).toBeGreaterThan(calls.indexOf('on thankly-recording-0'));
    second.release();
    await settle();
    expect(calls.at(-1)).toBe('off thankly-recording-1');
  });

  it('does not mind where it is refused', async () => {
    const no = async () => {
      throw new Error('no activity');
    };
    const held = createExpoKeepAwake({ activateKeepAwakeAsync: no, deactivateKeepAwake: no })();
    held.release();
    await settle();
  });
});
