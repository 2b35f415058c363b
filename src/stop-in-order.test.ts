import { describe, expect, it } from '@jest/globals';
import { stopInOrder } from './stop-in-order.ts';

const never = new Promise<never>(() => undefined);

function given(stops: Record<string, () => Promise<unknown>>) {
  const stopped: string[] = [];
  const trouble: [string, string][] = [];
  const parts = Object.entries(stops).map(([name, stop]) => ({
    name,
    stop() {
      stopped.push(name);
      return stop();
    },
  }));
  const onTrouble = (name: string, error: unknown) => trouble.push([name, (error as Error).message]);
  return { parts, stopped, trouble, onTrouble };
}

describe('parts are stopped', () => {
  it('last started first, each when the one before has ended', async () => {
    const ended: string[] = [];
    const slowly = (name: string) => async () => {
      await new Promise(setImmediate);
      ended.push(name);
    };
    const { parts, trouble, onTrouble } = given({ first: slowly('first'), last: slowly('last') });
    expect(await stopInOrder(parts, { withinMs: 60_000, eachMs: 60_000, onTrouble })).toBe(true);
    expect(ended).toEqual(['last', 'first']);
    expect(trouble).toEqual([]);
  });

  it('also when one fails, at once or later', async () => {
    const { parts, stopped, trouble, onTrouble } = given({
      well: async () => undefined,
      rejects: () => Promise.reject(new Error('no')),
      throws: () => {
        throw new Error('never');
      },
    });
    expect(await stopInOrder(parts, { withinMs: 60_000, eachMs: 60_000, onTrouble })).toBe(false);
    expect(stopped).toEqual(['throws', 'rejects', 'well']);
    expect(trouble).toEqual([
      ['throws', 'never'],
      ['rejects', 'no'],
    ]);
  });

  it('also when one hangs: it has had its time', async () => {
    const { parts, stopped, trouble, onTrouble } = given({ well: async () => undefined, hangs: () => never });
    expect(await stopInOrder(parts, { withinMs: 60_000, eachMs: 20, onTrouble })).toBe(false);
    expect(stopped).toEqual(['hangs', 'well']);
    expect(trouble).toEqual([['hangs', 'it has not ended within 20 ms']]);
  });

  it('and when the time of all is over the rest are told, and not waited for', async () => {
    const { parts, stopped, onTrouble } = given({ one: () => never, two: () => never, three: () => never });
    expect(await stopInOrder(parts, { withinMs: 20, eachMs: 60_000, onTrouble })).toBe(false);
    expect(stopped).toEqual(['three', 'two', 'one']);
  });
});
