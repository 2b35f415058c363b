import { describe, expect, it } from '@jest/globals';
import { eventually } from '../testing/eventually.ts';
import type { Locks } from '../upload/ports.ts';
import { createWebLocks } from './web-locks.ts';

const denied = {
  request: async () => {
    throw new DOMException('a sandboxed frame', 'SecurityError');
  },
} as unknown as LockManager;

const alone = createWebLocks(null);
const sandboxed = createWebLocks(denied);

describe.each<[string, Locks, Locks]>([
  // Node's own, which all of the process shares; across real tabs: `test/e2e/web-adapters.test.ts`.
  ['across tabs', createWebLocks(), createWebLocks()],
  ['in one page, where there are no locks', alone, alone],
  ['in one page, where locks are denied', sandboxed, sandboxed],
])('a lock %s', (_, one, other) => {
  it('has one holder at a time', async () => {
    const lock = await one.take('a');
    expect(lock).not.toBeNull();
    expect(await other.take('a')).toBeNull();
    lock?.release();
    await eventually(async () => {
      const next = await other.take('a');
      expect(next).not.toBeNull();
      next?.release();
    });
  });

  it('of one recording leaves the others free', async () => {
    const locks = [await one.take('a'), await other.take('b')];
    expect(locks).not.toContain(null);
    for (const lock of locks) lock?.release();
  });
});

it('a lock is taken away from who has it, who is told; and is free again when it is let go', async () => {
  const [one, other] = [createWebLocks(), createWebLocks()];
  let lost = 0;
  const first = await one.take('stolen', { onLost: () => lost++ });
  const taken = await other.take('stolen', { steal: true });
  expect(taken).not.toBeNull();
  await eventually(() => expect(lost).toBe(1));
  first?.release();
  expect(await one.take('stolen')).toBeNull();
  taken?.release();
  await eventually(async () => {
    const again = await one.take('stolen');
    expect(again).not.toBeNull();
    again?.release();
  });
});
