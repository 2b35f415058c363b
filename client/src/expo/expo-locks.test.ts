import { describe, expect, it } from '@jest/globals';
import { createExpoLocks } from './expo-locks.ts';

describe('locks of one app', () => {
  it('are held by one, until it releases', async () => {
    const locks = createExpoLocks();
    const first = await locks.take('a');
    expect(await locks.take('a')).toBeNull();
    expect(await locks.take('b')).not.toBeNull();
    first?.release();
    const second = await locks.take('a');
    expect(second).not.toBeNull();
    first?.release();
    expect(await locks.take('a')).toBeNull();
  });
});
