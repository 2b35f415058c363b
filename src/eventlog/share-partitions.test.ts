import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PARTITIONS } from './partition.ts';
import { dueMove, PATIENCE_MS, type Sharing } from './share-partitions.ts';

const sharing = (part: Partial<Sharing>): Sharing => ({
  of: 4,
  mine: 0,
  others: [],
  free: 0,
  freeForMs: 0,
  ...part,
});

describe('what is due', () => {
  it('alone: to take all, and give nothing', () => {
    expect(dueMove(sharing({ free: 4 }))).toEqual({ does: 'take', count: 4, isOverdue: false });
    expect(dueMove(sharing({ mine: 4 }))).toEqual({ does: 'stay' });
  });

  it('beside another: to take half, and leave it the rest', () => {
    expect(dueMove(sharing({ free: 4, others: [0] }))).toEqual({ does: 'take', count: 2, isOverdue: false });
    expect(dueMove(sharing({ mine: 2, free: 2, others: [0] }))).toEqual({ does: 'stay' });
  });

  it('when who has less does not take what is free: to take it after a while', () => {
    const waiting = sharing({ mine: 2, free: 2, others: [0], freeForMs: PATIENCE_MS - 1 });
    expect(dueMove(waiting)).toEqual({ does: 'stay' });
    expect(dueMove({ ...waiting, freeForMs: PATIENCE_MS })).toEqual({
      does: 'take',
      count: 2,
      isOverdue: true,
    });
  });

  it('when another came later: to give one, while that has two less', () => {
    expect(dueMove(sharing({ mine: 4, others: [0] }))).toEqual({ does: 'give' });
    expect(dueMove(sharing({ mine: 2, others: [2] }))).toEqual({ does: 'stay' });
    expect(dueMove(sharing({ of: 3, mine: 2, others: [1] }))).toEqual({ does: 'stay' });
  });
});

describe('nodes that look again and again, in any order', () => {
  it('come to shares that differ by one at most, with none left free, and then rest', () => {
    const cases = fc
      .record({ of: fc.integer({ min: 2, max: MAX_PARTITIONS }), nodes: fc.integer({ min: 1, max: 6 }) })
      .chain(({ of, nodes }) =>
        fc.record({
          of: fc.constant(of),
          nodes: fc.constant(nodes),
          // Whose each partition is at first; one beyond the nodes is nobody's.
          owners: fc.array(fc.nat(nodes), { minLength: of, maxLength: of }),
          turns: fc.array(fc.nat(nodes - 1), { minLength: 50, maxLength: 50 }),
        }),
      );
    fc.assert(
      fc.property(cases, ({ of, nodes, owners, turns }) => {
        const led = Array.from(
          { length: nodes },
          (_, node) => owners.filter((owner) => owner === node).length,
        );
        const moveOf = (node: number) => {
          const others = led.filter((_, each) => each !== node);
          const free = of - led.reduce((sum, each) => sum + each, 0);
          return dueMove({ of, mine: led[node] ?? 0, others, free, freeForMs: 0 });
        };
        const everybody = Array.from({ length: nodes }, (_, node) => node);
        const rounds = Array.from({ length: 2 * MAX_PARTITIONS }, () => everybody).flat();
        for (const node of [...turns, ...rounds]) {
          const move = moveOf(node);
          if (move.does === 'take') led[node] = (led[node] ?? 0) + move.count;
          if (move.does === 'give') led[node] = (led[node] ?? 0) - 1;
        }
        expect(led.reduce((sum, each) => sum + each, 0)).toBe(of);
        expect(Math.max(...led) - Math.min(...led)).toBeLessThanOrEqual(1);
        expect(everybody.map(moveOf)).toEqual(everybody.map(() => ({ does: 'stay' })));
      }),
    );
  });
});
