import { describe, expect, it } from '@jest/globals';
import { Lanes } from './lanes.ts';

type Turn = { readonly key: string; readonly works: readonly string[]; finish(error?: Error): void };

/** Lanes whose turns end when the test says so; each work's result is itself in capitals, `bad` is rejected. */
function lanes(most = 10) {
  const turns: Turn[] = [];
  const queue = new Lanes<string, string>(
    (key, works) =>
      new Promise((resolve, reject) => {
        turns.push({
          key,
          works,
          finish: (error) =>
            error === undefined
              ? resolve(
                  works.map((work) =>
                    work === 'bad'
                      ? { status: 'rejected', reason: new Error('bad work') }
                      : { status: 'fulfilled', value: work.toUpperCase() },
                  ),
                )
              : reject(error),
        });
      }),
    most,
  );
  return { queue, turns, seen: () => turns.map(({ key, works }) => `${key}:${works.join('')}`) };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  it('give one turn at a time to a key, and the next one to all that waited', async () => {
    const { queue, turns, seen } = lanes();
    const results = ['a', 'b', 'c'].map((work) => queue.enter('k', work));
    expect(seen()).toEqual(['k:a']);
    turns[0]?.finish();
    await settled();
    expect(seen()).toEqual(['k:a', 'k:bc']);
    turns[1]?.finish();
    expect(await Promise.all(results)).toEqual(['A', 'B', 'C']);
  });

  it('do not hold up other keys', () => {
    const { queue, seen } = lanes();
    void queue.enter('k', 'a');
    void queue.enter('l', 'b');
    expect(seen()).toEqual(['k:a', 'l:b']);
  });

  it('bound a turn', async () => {
    const { queue, turns, seen } = lanes(2);
    for (const work of ['a', 'b', 'c', 'd']) void queue.enter('k', work);
    for (const index of [0, 1]) {
      turns[index]?.finish();
      await settled();
    }
    expect(seen()).toEqual(['k:a', 'k:bc', 'k:d']);
  });

  it('tell each its own failure, and all of them the failure of the turn', async () => {
    const { queue, turns } = lanes();
    const first = queue.enter('k', 'a');
    const others = Promise.allSettled([queue.enter('k', 'bad'), queue.enter('k', 'b')]);
    turns[0]?.finish(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settled();
    turns[1]?.finish();
    expect(await others).toMatchObject([
      { status: 'rejected', reason: { message: 'bad work' } },
      { status: 'fulfilled', value: 'B' },
    ]);
  });

  it('start anew after the last has left', async () => {
    const { queue, turns, seen } = lanes();
    const first = queue.enter('k', 'a');
    turns[0]?.finish();
    await first;
    await settled();
    void queue.enter('k', 'b');
    expect(seen()).toEqual(['k:a', 'k:b']);
  });
});
