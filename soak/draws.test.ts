import { describe, expect, it } from '@jest/globals';
import { between, dealt, pick, randomFor, wait } from './draws.ts';

describe('draws', () => {
  const some = (name: string, seed = 1) => {
    const random = randomFor(seed, name);
    return [random(), random(), random()];
  };

  it('are the same of one seed and name, and others of another', () => {
    expect(some('kills')).toEqual(some('kills'));
    expect(some('kills')).not.toEqual(some('requests'));
    expect(some('kills')).not.toEqual(some('kills', 2));
  });

  it('deal every card before one comes again', () => {
    const cards = ['app', 'worker', 'client'];
    const deal = dealt(randomFor(1, 'deck'), cards);
    const twice = [1, 2].map(() => cards.map(() => deal.next().value));
    expect(twice.map((round) => [...round].sort())).toEqual([
      ['app', 'client', 'worker'],
      ['app', 'client', 'worker'],
    ]);
  });

  it('stay within their bounds', () => {
    const random = randomFor(1, 'bounds');
    for (let i = 0; i < 1_000; i++) {
      expect(between(random, 2, 3)).toBeGreaterThanOrEqual(2);
      expect(wait(random, 9)).toBeGreaterThanOrEqual(3);
      expect(wait(random, 9)).toBeLessThanOrEqual(27);
      expect(['a', 'b']).toContain(pick(random, ['a', 'b']));
    }
  });
});
