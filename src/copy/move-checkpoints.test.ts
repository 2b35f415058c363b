import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventsOf } from '../../test/support/copied-events.ts';
import { sourceOf, targetInMemory } from '../../test/support/copy-in-memory.ts';
import type { Position } from '../eventlog/event-log.ts';
import type { Checkpoint, LogSeal, Move } from '../eventlog/log-seal.ts';
import { withId } from './copied-event.ts';
import { intoSource, intoTarget, moveCheckpoints } from './move-checkpoints.ts';

async function logsOf(streams: readonly string[]) {
  const events = eventsOf(streams);
  const target = targetInMemory();
  for (const event of events) await target.append([withId(event)]);
  return { events, source: sourceOf(events), target };
}

const streamsOf = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 });
/** Of transactions, also such as have no event of ours; before the first and behind the last. */
const placeOf = fc.integer({ min: 0, max: 35 });

describe('a checkpoint that moves', () => {
  it('leaves behind it in one log what it left behind it in the other, and back', async () => {
    await fc.assert(
      fc.asyncProperty(
        streamsOf,
        placeOf,
        fc.constantFrom(0, 1, 7),
        async (streams, transaction, sequence) => {
          const { events, source, target } = await logsOf(streams);
          const from = `${transaction}:${sequence}` as Position;
          const precedes = (one: string, other: string) => {
            const [a = 0, b = 0] = one.split(':').map(Number);
            const [c = 0, d = 0] = other.split(':').map(Number);
            return a < c || (a === c && b < d);
          };
          const exact = {
            ...source,
            lastAt: async () => events.findLast((each) => !precedes(from, each.position)) ?? null,
          };
          const to = (await intoTarget({ source: exact, target })([from])).get(from);
          if (to === undefined) throw new Error('no place');
          const left = events.filter((each) => precedes(from, each.position));
          expect(target.events.filter((each) => target.isBefore(to, each.position))).toHaveLength(
            left.length,
          );
          const back = (await intoSource({ source, target })([to])).get(to);
          if (back === undefined) throw new Error('no way back');
          expect(events.filter((each) => precedes(back, each.position))).toEqual(left);
        },
      ),
    );
  });

  it('is found between two events of the target, where only the store’s own records are', async () => {
    const { source, target } = await logsOf(['a', 'b']);
    const between = 'C:15/P:15' as Position;
    expect((await intoSource({ source, target })([between])).get(between)).toBe('1:1');
  });
});

describe('the checkpoints', () => {
  const at = (name: string, position: string): Checkpoint => ({ name, position: position as Position });

  /** Whose consumers move while they are looked at, so many times. */
  function sealOf(rounds: readonly (readonly Checkpoint[])[]) {
    const left = [...rounds];
    const moved: (readonly Move[])[] = [];
    const seal = {
      checkpoints: async () => left[0] ?? [],
      move: async (moves: readonly Move[]) => {
        left.shift();
        if (left.length > 0) return false;
        moved.push(moves);
        return true;
      },
    } as unknown as LogSeal;
    return { seal, moved };
  }

  it('move all at once, where they are when they stand still', async () => {
    const logs = await logsOf(['a', 'b', 'a']);
    const { seal, moved } = sealOf([
      [at('one', '1:1')],
      [at('one', '2:1')],
      [at('one', '3:1'), at('two', '0:0')],
    ]);
    const moves = await moveCheckpoints(seal, intoTarget(logs), 'moved');
    expect(moves).toEqual([
      { name: 'one', position: '3:1', to: 'C:30/P:30' },
      { name: 'two', position: '0:0', to: 'C:0/P:0' },
    ]);
    expect(moved).toEqual([moves]);
  });

  it('do not move when they never stand still', async () => {
    const logs = await logsOf(['a']);
    const { seal, moved } = sealOf(Array.from({ length: 60 }, () => [at('one', '1:1')]));
    await expect(moveCheckpoints(seal, intoTarget(logs), 'moved')).rejects.toMatchObject({
      code: 'checkpoints_moving',
    });
    expect(moved).toEqual([]);
  });
});
