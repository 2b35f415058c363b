import { describe, expect, it } from '@jest/globals';
import { EventLogUnavailable } from '../event-log.ts';
import { InTurn } from './in-turn.ts';

const bounds = { most: 3, mostBytes: 100 };

/** Work that ends when it is told to, and what has begun. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<string>>();
  const work = (name: string) => () => {
    begun.push(name);
    const end = Promise.withResolvers<string>();
    ends.set(name, end);
    return end.promise;
  };
  return { begun, ends, work };
}

describe('appends in turn', () => {
  it('wait for those before them to the same stream, also for one that fails, and for no other', async () => {
    const { begun, ends, work } = works();
    const inTurn = new InTurn(bounds);
    const first = inTurn.run('a', 1, work('first'));
    const second = inTurn.run('a', 1, work('second'));
    const other = inTurn.run('b', 1, work('other'));
    expect(begun).toEqual(['first', 'other']);
    ends.get('first')?.reject(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await Promise.resolve();
    expect(begun).toEqual(['first', 'other', 'second']);
    ends.get('second')?.resolve('done');
    ends.get('other')?.resolve('done too');
    expect([await second, await other]).toEqual(['done', 'done too']);
  });

  it('are refused when too many wait, or too much, until some are done', async () => {
    const { ends, work } = works();
    const inTurn = new InTurn(bounds);
    const big = inTurn.run('a', 90, work('big'));
    await expect(inTurn.run('b', 20, work('too much'))).rejects.toThrow(EventLogUnavailable);
    const more = [inTurn.run('b', 1, work('b')), inTurn.run('c', 1, work('c'))];
    await expect(inTurn.run('d', 1, work('too many'))).rejects.toThrow('too many appends are waiting');
    for (const end of ends.values()) end.resolve('done');
    await Promise.all([big, ...more]);
    await inTurn.drained();
    const again = inTurn.run('d', 20, work('d'));
    ends.get('d')?.resolve('done');
    expect(await again).toBe('done');
  });
});
